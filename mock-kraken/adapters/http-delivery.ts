import type { ServerResponse } from 'node:http';
import type { CancellableDelays } from './cancellable-delays.ts';
import { bytesOf, type ExchangeReply } from '../exchange-reply.ts';

/**
 * Sends a reply over a socket, as whole or as damaged as its delivery says. Resolves when that is done, or when
 * there is no connection left to send it on; with `true` when all of it was handed to the connection.
 */
export async function sendReply(
  response: ServerResponse,
  reply: ExchangeReply,
  pauses: CancellableDelays,
): Promise<boolean> {
  const { socket } = response.req;
  const { delivery } = reply;
  if (socket.destroyed) return false;
  switch (delivery.kind) {
    case 'whole':
      writeHead(response, reply);
      return end(response, reply.bytes ?? reply.body);
    case 'cut':
      writeHead(response, reply);
      await write(response, bytesOf(reply).subarray(0, delivery.bytes));
      socket.destroy();
      return false;
    case 'drip':
      writeHead(response, reply);
      return drip(response, { ...delivery, body: bytesOf(reply), pauses });
    case 'silence':
      await pauses.wait(delivery.ms);
      socket.destroy();
      return false;
    case 'reset':
    case 'refused':
      socket.resetAndDestroy();
      return false;
  }
}

function writeHead(response: ServerResponse, reply: ExchangeReply): void {
  const close = reply.status === 200 ? {} : { connection: 'close' };
  const length = { 'content-length': Buffer.byteLength(reply.bytes ?? reply.body) };
  response.writeHead(reply.status, { ...reply.headers, ...close, ...length });
}

function end(response: ServerResponse, body: string | Uint8Array): Promise<boolean> {
  return untilClosed(response, (done) => response.end(body, done));
}

function write(response: ServerResponse, bytes: Uint8Array): Promise<boolean> {
  return untilClosed(response, (done) => response.write(bytes, done));
}

/**
 * Resolves with `true` once the bytes are handed over, with `false` when the connection ends before: a reply that waits
 * behind another one on its connection never hears of that end itself.
 */
function untilClosed(
  { req: { socket } }: ServerResponse,
  send: (done: () => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const isCut = (): void => resolve(false);
    socket.once('close', isCut);
    send(() => {
      socket.off('close', isCut);
      resolve(true);
    });
  });
}

interface Drip {
  readonly body: Uint8Array;
  readonly bytesAtATime: number;
  readonly ms: number;
  readonly pauses: CancellableDelays;
}

async function drip(response: ServerResponse, { body, bytesAtATime, ms, pauses }: Drip): Promise<boolean> {
  const pieces = Math.ceil(body.length / bytesAtATime);
  for (let piece = 0; piece < pieces; piece++) {
    await pauses.wait(ms / pieces);
    if (response.req.socket.destroyed) return false;
    await write(response, body.subarray(piece * bytesAtATime, (piece + 1) * bytesAtATime));
  }
  return end(response, '');
}
