/** A gateway finds its config or state by default. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'config.path-defaulted',
  title: 'A gateway finds its config or state by default',
  why: 'A default follows the home directory: a command run for it elsewhere, or a second gateway of that home, then works on the wrong state.',
  fix: 'Set both OPENCLAW_CONFIG_PATH and OPENCLAW_STATE_DIR in its environment, to the declared paths.',
  how: 'The effective environment sets both variables, and the config it leads to is the declared one.',
  source: 'openclaw 2026.9.6 docs/help/environment.md, docs/gateway/multiple-gateways.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'config',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { config, state } = settings.places;
      const { configPath, stateDir } = tenant.declared;
      const evidence = [
        ...(config.from === 'default' ? [`the config is ${config.value} by default`] : []),
        ...(state.from === 'default' ? [`the state directory is ${state.value} by default`] : []),
        ...(config.value === configPath ? [] : [`the config is ${config.value}, declared ${configPath}`]),
        ...(state.value === stateDir ? [] : [`the state directory is ${state.value}, declared ${stateDir}`]),
      ];
      if (evidence.length > 0)
        yield { tenants: [tenant.tenant], message: `where ${tenant.tenant} keeps its config and state is not set as declared`, evidence };
    }
  },
});
