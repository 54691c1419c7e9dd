import type { Duplex } from 'node:stream';

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
