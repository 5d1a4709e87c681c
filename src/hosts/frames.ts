/** What travels over a connection, in both directions: kind (1 byte), command (4 bytes), length (4 bytes), payload. Numbers are big-endian. */

/** Client to far end: Run, Input, End of input, Kill, Beat. Far end to client: Output, stdErr, eXit, Failed to start, Credit, Beat. */
export type FrameKind = 'R' | 'I' | 'E' | 'K' | 'B' | 'O' | 'S' | 'X' | 'F' | 'C';

export interface Frame {
  readonly kind: string;
  readonly id: number;
  readonly payload: Buffer;
}

const HEAD = 9;
/** The far end sends no more in one; a longer one is not ours. */
const LONGEST = 1 << 20;

export function frame(kind: FrameKind, id: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD + payload.length);
  bytes.write(kind, 0, 'latin1');
  bytes.writeUInt32BE(id, 1);
  bytes.writeUInt32BE(payload.length, 5);
  bytes.set(payload, HEAD);
  return bytes;
}

/** Length-prefixed strings one after the other: perl reads them with `unpack '(N/a*)*'`. */
export function packStrings(strings: readonly string[]): Buffer {
  return Buffer.concat(
    strings.flatMap((text) => {
      const bytes = Buffer.from(text, 'utf8');
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Takes bytes as they come and hands on whole frames. Throws Error for what is no frame. */
export function frameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    while (held.length - at >= HEAD) {
      const length = held.readUInt32BE(at + 5);
      if (length > LONGEST) throw new Error('what came over the connection is not an answer of Bulkhead\u2019s own program');
      if (held.length - at < HEAD + length) break;
      const next = {
        kind: held.toString('latin1', at, at + 1),
        id: held.readUInt32BE(at + 1),
        payload: held.subarray(at + HEAD, at + HEAD + length),
      };
      at += HEAD + length;
      onFrame(next);
    }
    held = held.subarray(at);
  };
}
