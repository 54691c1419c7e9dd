import type { NamedEvent } from './strategy/index.ts';
import { accountOfName, renamed } from './world/index.ts';

/** The accounts that are left out, by index; `to` is the first that is not. */
export interface LeftOut {
  readonly from: number;
  readonly to: number;
}

/** A run without the events of some accounts; those after them move up. Timers stay. */
export function withoutAccounts(events: readonly NamedEvent[], { from, to }: LeftOut): readonly NamedEvent[] {
  return events.flatMap(({ name, nth }) => {
    const account = accountOfName(name) ?? -1;
    if (account < from) return [{ name, nth }];
    return account < to ? [] : [{ name: renamed(name, to - from), nth }];
  });
}
