import type { Duplex } from 'node:stream';

/** How many connections may wait to be accepted: a thousand accounts connect at once, and Node's default is 511. */
export const BACKLOG_MAX = 4_096;

/** Carries bytes both ways between two connections until either ends; an end or an error of one ends the other. */
export function forward(one: Duplex, other: Duplex): void {
  pipeInto(one, other);
  pipeInto(other, one);
}

function pipeInto(from: Duplex, to: Duplex): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}
