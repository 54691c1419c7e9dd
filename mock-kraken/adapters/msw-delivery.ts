import { HttpResponse, type DefaultBodyType } from 'msw';
import type { CancellableDelays } from './cancellable-delays.ts';
import { bytesOf, type ExchangeReply } from '../exchange-reply.ts';

/**
 * Makes an MSW response, as whole or as damaged as its delivery says. MSW knows one network error for all: a
 * connection that was refused, reset or closed without a word cannot be told apart.
 */
export async function responseOf(
  reply: ExchangeReply,
  pauses: CancellableDelays,
): Promise<HttpResponse<DefaultBodyType>> {
  const { delivery, status, headers } = reply;
  const bytes = bytesOf(reply);
  const init = { status, headers: { ...headers, 'content-length': String(bytes.length) } };
  switch (delivery.kind) {
    case 'whole':
      return new HttpResponse(reply.bytes === undefined ? reply.body : new Uint8Array(reply.bytes), init);
    case 'cut':
      return new HttpResponse(brokenOff(bytes.subarray(0, delivery.bytes)), init);
    case 'drip':
      return new HttpResponse(dripping(bytes, { ...delivery, pauses }), init);
    case 'silence':
      await pauses.wait(delivery.ms);
      return HttpResponse.error();
    case 'reset':
    case 'refused':
      return HttpResponse.error();
  }
}

function brokenOff(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    // Pulled a second time once the first bytes have been taken: an error right away would swallow them.
    pull(controller) {
      if (bytes.length === 0) return controller.error(new TypeError('terminated'));
      controller.enqueue(bytes);
      bytes = bytes.subarray(bytes.length);
    },
  });
}

interface Drip {
  readonly bytesAtATime: number;
  readonly ms: number;
  readonly pauses: CancellableDelays;
}

function dripping(bytes: Uint8Array, { bytesAtATime, ms, pauses }: Drip): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      await pauses.wait((ms * bytesAtATime) / bytes.length);
      controller.enqueue(bytes.subarray(at, at + bytesAtATime));
      at += bytesAtATime;
      if (at >= bytes.length) controller.close();
    },
  });
}
