/** How a tenant found itself after the attacks on it. */
import type { ProbeResult } from '../core/probe.ts';
import type { TrustMap } from '../core/trust.ts';
import type { Probe } from './define.ts';
import type { Health } from './health.ts';
import { baseOf, type Pair } from './plan.ts';
import type { Tenant } from './tenants.ts';

/** A gateway that answers within this is not hindered, however quick it was at rest. */
const BEARABLE_MS = 1000;
const SLOWER = 10;

export interface Found {
  readonly attacker: Tenant | undefined;
  readonly victim: Tenant | undefined;
  readonly trust: TrustMap;
  readonly durationMs: number;
  /** The attacker is on another machine than the victim, whom others attack from its own. */
  readonly isShared?: boolean;
}

export function foldAffected(probe: Probe, pair: Pair, { attacker, victim, trust, durationMs, isShared = false }: Found): ProbeResult {
  const planted = Object.keys(victim?.held?.canaries ?? {}).length;
  const positiveControl = { held: planted > 0, detail: `${planted} canaries were planted` };
  const negativeControl = { held: victim?.released?.noticesChange === true, detail: 'a wrong content is noticed' };
  const base = { ...baseOf(probe, pair, trust, durationMs), positiveControl, negativeControl };
  if (isShared)
    return {
      ...base,
      verdict: 'not-applicable',
      detail: `${pair.attacker.tenant} is on another machine; how ${pair.victim.tenant} fared is told with those who attacked it from its own`,
    };
  const idle = attacker?.problem;
  if (idle !== undefined) return { ...base, verdict: 'unknown', detail: `${pair.attacker.tenant} did not attack: ${idle}` };
  const unknown = (why: string): ProbeResult => ({ ...base, verdict: 'unknown', detail: `${pair.victim.tenant}: ${why}` });
  const problem = victim?.problem ?? victim?.uncleaned;
  if (victim?.released === undefined || problem !== undefined || !positiveControl.held || !negativeControl.held)
    return unknown(problem ?? 'it did not say how it found itself after the attacks');
  const { affected, health } = victim.released;
  const silenced = health === undefined ? [] : silences(health);
  if (affected.length + silenced.length > 0) return { ...base, verdict: 'breached', detail: [...affected, ...silenced].join('; ') };
  if (health === undefined) return unknown('its gateway did not answer before the attacks, so that it is not known whether they hindered it');
  if (isSlow(health)) return unknown(`its gateway was slow, by the attacks or by other work of the machine: ${told(health)}`);
  return { ...base, verdict: 'contained', detail: `${planted} canaries unchanged, nothing left behind, the same gateway process; ${told(health)}` };
}

/** That it was only slow may come from anything that the machine does. */
export function isSlow({ before, during }: Health): boolean {
  return during > BEARABLE_MS && during > SLOWER * before;
}

export function silences(health: Health): string[] {
  const { after, silent } = health;
  const how = [...(after === undefined ? ['did not answer after the attacks'] : []), ...(silent > 0 ? [`did not answer ${silent} times`] : [])];
  return how.length === 0 ? [] : [`its gateway ${how.join(', ')}: ${told(health)}`];
}

function told({ before, during, after, asked }: Health): string {
  const last = after === undefined ? '' : `, ${after} ms after`;
  return `it answered in ${before} ms before, ${during} ms while attacked (median of ${asked})${last}`;
}
