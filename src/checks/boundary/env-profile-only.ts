/** A gateway is told its profile in a way that does not select it. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'boundary.env-profile-only',
  title: 'A gateway is told its profile only by a variable',
  why: 'OPENCLAW_PROFILE alone names the log and the port; the config and the state are those of the default profile, shared with whoever else did so.',
  fix: 'Pass --profile to the command, or set OPENCLAW_CONFIG_PATH and OPENCLAW_STATE_DIR both.',
  how: 'The effective environment has OPENCLAW_PROFILE without both path variables. A running gateway hides its arguments, so --profile beside the variable is not seen.',
  source: 'openclaw 2026.9.6: OPENCLAW_PROFILE=zed openclaw config file printed the default profile’s config (measured)',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'config',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { profile, config, state } = settings.places;
      if (profile !== undefined && (config.from === 'default' || state.from === 'default'))
        yield {
          tenants: [tenant.tenant],
          message: `the profile ${profile.value} of ${tenant.tenant} selects neither its config nor its state`,
          evidence: [`config ${config.value} (${config.from})`, `state ${state.value} (${state.from})`],
        };
    }
  },
});
