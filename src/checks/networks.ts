/** IPv4 and IPv6 networks as text, as far as checks compare them. */

/** Links of the os-user rung lie in it. */
export const TENANT_LINKS = '10.213.0.0/16';

interface Network {
  readonly bits: bigint;
  readonly prefix: number;
  readonly width: 32 | 128;
}

/** Whether it holds any address of the loopback: `127.0.0.0/8`, `::1`, or whatever is wider. */
export function isLoopbackNetwork(text: string): boolean {
  return text.trim().toLowerCase() === 'localhost' || covers(text, '127.0.0.0/8') || covers(text, '::1');
}

/** Whether two networks share an address. Text that is no network covers nothing. */
export function covers(left: string, right: string): boolean {
  const [one, other] = [networkOf(left), networkOf(right)];
  if (one === undefined || other === undefined || one.width !== other.width) return false;
  const shift = BigInt(one.width - Math.min(one.prefix, other.prefix));
  return one.bits >> shift === other.bits >> shift;
}

/** `10.0.0.0/8`, `127.0.0.1`, `::1`, `fd00::/8`; an IPv4 one written as IPv6 is IPv4. */
export function networkOf(text: string): Network | undefined {
  const [address = '', length] = text
    .trim()
    .replace(/^\[|\]$/g, '')
    .split('/');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const four = fourBytes(mapped ?? address);
  const bits = four ?? sixteenBytes(address);
  if (bits === undefined || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const width = four === undefined ? 128 : 32;
  const given = length === undefined ? width : Number(length) - (mapped === undefined ? 0 : 96);
  return given < 0 || given > width ? undefined : { bits, prefix: given, width };
}

function fourBytes(text: string): bigint | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.some((byte) => byte > 255) ? undefined : bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function sixteenBytes(text: string): bigint | undefined {
  if (!/^[0-9a-f:]{2,39}$/i.test(text)) return undefined;
  const [head = '', tail] = text.split('::');
  const words = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [left, right] = [words(head), words(tail ?? '')];
  const missing = 8 - left.length - right.length;
  if (text.split('::').length > 2 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return all.some((word) => !/^[0-9a-f]{1,4}$/i.test(word)) ? undefined : all.reduce((sum, word) => (sum << 16n) | BigInt(`0x${word}`), 0n);
}
