import { withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const policy = (ssrfPolicy: Readonly<Record<string, unknown>>, enabled = true) => withConfigs({ acme: { browser: { enabled, ssrfPolicy } } });

cases('browser.ssrf-private', {
  ok: {
    'a public name': policy({ allowedHostnames: ['docs.example', '8.8.8.8'] }),
    'the browser is off': policy({ dangerouslyAllowPrivateNetwork: true }, false),
  },
  ng: {
    'every private address': policy({ dangerouslyAllowPrivateNetwork: true }),
    'by its older name': policy({ allowPrivateNetwork: true }),
    localhost: policy({ allowedHostnames: ['LOCALHOST'] }),
    'the loopback': policy({ allowedHostnames: ['127.0.0.5'] }),
    'the loopback of IPv6': policy({ allowedHostnames: ['[::1]'] }),
    'metadata of the cloud': policy({ allowedHostnames: ['169.254.169.254'] }),
  },
});
