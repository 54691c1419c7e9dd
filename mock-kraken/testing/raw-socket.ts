import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { SignedRequest } from './signed-request.ts';

/** A request as the bytes that go over the wire. */
export function wireText({ path, headers, body }: SignedRequest, connection = 'close'): string {
  const all = { host: 'mock', connection, ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** Connects to a door. */
export async function connectTo(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/**
 * Sends bytes and resolves with everything that comes back until the other side closes, so the last request must
 * ask for that or be wrong. Sending does not end before: a Node server takes that for a client that has left.
 */
export async function exchangeBytes(url: string, bytes: string | Uint8Array): Promise<string> {
  const socket = await connectTo(url);
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  socket.write(bytes);
  await closed(socket);
  return Buffer.concat(received).toString('latin1');
}

/** Resolves when a socket is closed, in whatever way. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}
