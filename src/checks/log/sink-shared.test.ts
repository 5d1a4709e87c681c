import type { Facts } from '../../core/facts.ts';
import type { Json } from '../../openclaw/merge.ts';
import { cases } from '../testing/cases.ts';
import { withConfigs } from '../testing/clean-facts.ts';

const both = (left: Json, right: Json = left, environment: Readonly<Record<string, string>> = {}): Facts =>
  withConfigs({ diagnostics: { otel: { enabled: true, ...left } } }, { diagnostics: { otel: { enabled: true, ...right } } }, environment);
const endpoint = 'https://otel.example.test';
const header = (digest: string): Json => ({ endpoint, headers: { Authorization: { masked: digest } } });

cases('log.sink-shared', {
  ok: {
    'a credential each': both(header('a'), header('b')),
    'a variable each': both({ endpoint, headers: { Authorization: '${ACME}' } }, { endpoint, headers: { Authorization: '${GLOBEX}' } }),
    'loopbacks of their own': both({ endpoint: 'http://127.0.0.1:4318' }),
    off: both({ endpoint, enabled: false }),
    'headers in plain text on a plan': both({ endpoint, headers: { Authorization: 'x' } }),
  },
  ng: {
    'without a credential': both({ endpoint }),
    'with one credential': both(header('a')),
    'spelled differently': both({ endpoint: 'https://OTEL.example.test:443/v1' }, { endpoint: `${endpoint}/` }),
    'by a signal’s own endpoint': both({ endpoint }, { logsEndpoint: endpoint }),
    'by the environment': both({}, {}, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
    'a file of traces': both({}, {}, { OPENCLAW_DIAGNOSTICS_TIMELINE_PATH: '/tmp/timeline.jsonl' }),
  },
});
