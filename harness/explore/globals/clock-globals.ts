import { replace, undoAll } from './patch.ts';
import type { Undo } from './patch.ts';
import type { Router } from './router.ts';

const MS_NS = 1_000_000n;
const SECOND_NS = 1_000_000_000n;

/** Replaces `Date`, `performance.now`, `process.hrtime` and `process.uptime`. */
export function patchClockGlobals(router: Router): Undo {
  return undoAll([patchDate(router), ...patchMonotonic(router)]);
}

function patchDate(router: Router): Undo {
  const RealDate = Date;
  const realNow = Date.now;
  const now = (): number => {
    const world = router.worldFor('Date');
    return world === null ? realNow() : Number(world.clock.wallNs() / MS_NS);
  };
  // A proxy, so that `instanceof Date`, subclasses and statics go on working.
  const VirtualDate: DateConstructor = new Proxy(RealDate, {
    construct: (target, args, newTarget): Date =>
      Reflect.construct(
        target,
        args.length === 0 ? [now()] : args,
        newTarget === VirtualDate ? target : newTarget,
      ) as Date,
    apply: () => new RealDate(now()).toString(),
  });
  return undoAll([replace(RealDate, 'now', now), replace(globalThis, 'Date', VirtualDate)]);
}

function patchMonotonic(router: Router): readonly Undo[] {
  const realNow = performance.now.bind(performance);
  const realHrtime = process.hrtime;
  const realUptime = process.uptime.bind(process);
  const monotonicMs = (global: string): number | null => router.worldFor(global)?.clock.monotonicMs() ?? null;
  const bigint = (): bigint => {
    const nowMs = monotonicMs('process.hrtime');
    return nowMs === null ? realHrtime.bigint() : BigInt(Math.round(nowMs * 1e6));
  };
  const hrtime = (since?: [number, number]): [number, number] => {
    if (router.worldFor('process.hrtime') === null) return realHrtime(since);
    const ns = bigint() - (since === undefined ? 0n : BigInt(since[0]) * SECOND_NS + BigInt(since[1]));
    return [Number(ns / SECOND_NS), Number(ns % SECOND_NS)];
  };
  return [
    replace(performance, 'now', () => monotonicMs('performance.now') ?? realNow()),
    replace(process, 'hrtime', Object.assign(hrtime, { bigint })),
    replace(process, 'uptime', () => (monotonicMs('process.uptime') ?? realUptime() * 1_000) / 1_000),
  ];
}
