/**
 * Runs `openclaw security audit --json` and records where that was. Self-contained: it is sent into the boundary as text and judges nothing.
 * The audit creates files in the state directory, so it must run as the tenant. Source: openclaw 2026.9.6 docs/cli/security.md.
 */
import { spawn } from 'node:child_process';
import { ownNamespaces } from './own-namespaces.ts';

export interface AuditRequest {
  readonly node: string;
  readonly openclaw: string;
  readonly timeoutMs?: number;
}

export interface AuditRun {
  readonly ranAs: { readonly uid: number; readonly configPath: string; readonly namespaces: Readonly<Record<string, string>> };
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly takenAt: string;
}

const LIMIT = 1024 * 1024;

export async function main(request: AuditRequest): Promise<AuditRun> {
  const ranAs = { uid: process.getuid?.() ?? -1, configPath: process.env['OPENCLAW_CONFIG_PATH'] ?? '', namespaces: ownNamespaces() };
  const child = spawn(request.node, [request.openclaw, 'security', 'audit', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: request.timeoutMs ?? 90_000,
    killSignal: 'SIGKILL',
  });
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const exit = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
    child.on('error', () => resolve(null));
  });
  return { ranAs, exit, stdout: out.text(), stderr: err.text().slice(-2000), truncated: out.truncated(), takenAt: new Date().toISOString() };
}

function collect(stream: NodeJS.ReadableStream): { text(): string; truncated(): boolean } {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < LIMIT) chunks.push(chunk);
    size += chunk.length;
  });
  return { text: () => Buffer.concat(chunks).subarray(0, LIMIT).toString('utf8'), truncated: () => size > LIMIT };
}
