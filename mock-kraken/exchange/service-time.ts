import type { Random } from '../random.ts';

/** A small part of the calls is held noticeably longer, so that an overlap that is possible is also seen. */
export interface HeldCalls {
  /** Share of the calls, 0 to 1. */
  readonly fraction: number;
  /** How many times longer they take. */
  readonly factor: number;
}

/** How long the exchange works on a call. Every duration in milliseconds. */
export type ServiceTime = (
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  /** `sigma` is the standard deviation of the logarithm; `maxMs` cuts the tail off. */
  | { readonly kind: 'log-normal'; readonly medianMs: number; readonly sigma: number; readonly maxMs: number }
) & {
  /** Default: 2 % of the calls take 5 times as long. */
  readonly held?: HeldCalls;
};

const HELD_BY_DEFAULT: HeldCalls = { fraction: 0.02, factor: 5 };

/**
 * Draws service times in milliseconds.
 * @param serviceTime - a number means a fixed time of that many milliseconds
 */
export function createServiceTime(serviceTime: ServiceTime | number, random: Random): () => number {
  const spec: ServiceTime =
    typeof serviceTime === 'number' ? { kind: 'fixed', ms: serviceTime } : serviceTime;
  const held = spec.held ?? HELD_BY_DEFAULT;
  return () => {
    const usualMs = drawUsual(spec, random);
    return random() < held.fraction ? usualMs * held.factor : usualMs;
  };
}

function drawUsual(spec: ServiceTime, random: Random): number {
  switch (spec.kind) {
    case 'fixed':
      return spec.ms;
    case 'uniform':
      return spec.minMs + random() * (spec.maxMs - spec.minMs);
    case 'log-normal':
      return Math.min(spec.maxMs, spec.medianMs * Math.exp(spec.sigma * standardNormal(random)));
  }
}

/** Box-Muller; 1 - random() keeps zero out of the logarithm. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
