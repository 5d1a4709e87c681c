/** A conversation over a WebSocket, told as it goes. */
import type { Socket } from 'node:net';
import { Closed, sendText, texts, upgrade } from '../../openclaw/websocket.ts';

/** Of all that is said to us. */
const MAX_BYTES = 4_000_000;

export interface Listener {
  /** One message, parsed; one that is no JSON object is an empty one. */
  heard(message: Fields): void;
  /** The other side has ended it: RFC 6455, 7.4; 1006 where it did so without a word. */
  ended(status: number): void;
  /** It never began. */
  failed(): void;
}

export interface Conversation {
  say(message: unknown): void;
  /** Nothing is told after it. */
  leave(): void;
}

export type Fields = Readonly<Record<string, unknown>>;

export function converse(to: { readonly host: string; readonly port: number; readonly timeoutMs: number }, listener: Listener): Conversation {
  let socket: Socket | undefined;
  let left = false;
  const listen = async (): Promise<void> => {
    try {
      socket = await upgrade(to);
    } catch {
      if (!left) listener.failed();
      return;
    }
    let status = 1006;
    try {
      if (left) socket.destroy();
      socket.on('error', () => undefined); // what is written to one that is gone
      for await (const text of texts(socket, MAX_BYTES)) if (!left) listener.heard(fieldsOf(text));
    } catch (error) {
      if (error instanceof Closed) ({ status } = error);
    } finally {
      socket.destroy();
    }
    if (!left) listener.ended(status);
  };
  void listen();
  return {
    say: (message) => {
      if (socket !== undefined) sendText(socket, JSON.stringify(message));
    },
    leave: () => {
      left = true;
      socket?.destroy();
    },
  };
}

function fieldsOf(text: string): Fields {
  try {
    return fields(JSON.parse(text));
  } catch {
    return {};
  }
}

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}; // an object, checked
}
