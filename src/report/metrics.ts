/** A watch's latest run as Prometheus text, for node_exporter's textfile collector. Source: prometheus.io, text exposition format 0.0.4. */
import type { WatchSample } from '../core/watch.ts';

type Labels = Readonly<Record<string, string>>;
type Row = readonly [labels: Labels, value: number];

/** Verdicts are exit codes: 0 pass, 1 findings, 3 something is unknown, 4 a live breach. */
export function metricsText(sample: WatchSample): string {
  const { fleet, exitCode, failing, unknown, tenants, attackAgeSeconds } = sample;
  const own: Labels = { fleet };
  return [
    family('verdict', 'Verdict of the latest run: 0 pass, 1 findings, 3 something is unknown, 4 a live breach.', [[own, exitCode]]),
    family(
      'tenant_verdict',
      'The same of the findings that concern one tenant.',
      [...tenants].map(([tenant, code]) => [{ ...own, tenant }, code]),
    ),
    family(
      'findings',
      'Findings that fail, by severity.',
      Object.entries(failing).map(([severity, count]) => [{ ...own, severity }, count]),
    ),
    family('unknown', 'Findings that could not be judged.', [[own, unknown]]),
    family('last_run_timestamp_seconds', 'End of the latest run.', [[own, Math.floor(Date.parse(sample.at) / 1000)]]),
    family('run_seconds', 'How long the latest run took.', [[own, sample.seconds]]),
    family(
      'attack_age_seconds',
      'Age, at the latest run, of the attacks that its verdict rests on.',
      attackAgeSeconds === undefined ? [] : [[own, Math.floor(attackAgeSeconds)]],
    ),
  ].join('');
}

function family(name: string, help: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const full = `bulkhead_verify_${name}`;
  const lines = rows.map(([labels, value]) => `${full}{${Object.entries(labels).map(label).join(',')}} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join('')}`;
}

function label([name, value]: readonly [string, string]): string {
  return `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
