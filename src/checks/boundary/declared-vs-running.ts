/** The running gateway is not the declared one. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'boundary.declared-vs-running',
  title: 'The running gateway is not the declared one',
  why: 'What was judged on paper is then not what runs.',
  fix: 'Run: bulkhead apply, which restarts the gateway as declared.',
  how: 'Environment and uid of the gateway process, read from /proc, are compared with the declaration.',
  source: 'openclaw 2026.9.6 docs/help/environment.md; proc_pid_environ(5)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['process', 'user'],
  phases: ['observed'],
  ofDeclaration: true,
  item: 'gateway',
  *judge(facts) {
    for (const { tenant, declared, process, user } of facts.tenants) {
      if (!process.known || process.value === null || !user.known) continue;
      const { environment, pid, uid } = process.value;
      const wanted: Readonly<Record<string, string>> = {
        OPENCLAW_CONFIG_PATH: declared.configPath,
        OPENCLAW_STATE_DIR: declared.stateDir,
        OPENCLAW_GATEWAY_PORT: String(declared.gatewayPort),
      };
      const evidence = Object.entries(wanted).flatMap(([name, value]) =>
        environment[name] === value ? [] : [`${name} is ${environment[name] ?? 'not set'}, declared ${value}`],
      );
      if (environment['OPENCLAW_PROFILE'] !== undefined) evidence.push(`OPENCLAW_PROFILE is ${environment['OPENCLAW_PROFILE']}, declared none`);
      if (user.value.uid !== undefined && user.value.uid !== uid) evidence.push(`uid is ${uid}, declared ${user.value.uid}`);
      if (evidence.length > 0) yield { tenants: [tenant], message: `process ${pid} of ${tenant} differs from what is declared`, evidence };
    }
  },
});
