import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('policy.fs-not-workspace-only', {
  ok: { 'no file tool': withConfig({ tools: { fs: { workspaceOnly: false } } }) },
  ng: {
    reading: withConfig({ tools: { alsoAllow: ['read'], fs: { workspaceOnly: false } } }),
    writing: withConfig({ tools: { alsoAllow: ['edit'], deny: ['read'], fs: { workspaceOnly: false } } }),
  },
});
