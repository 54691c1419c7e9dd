import { expect, test } from 'vitest';
import { withoutAccounts } from './fewer-accounts.ts';
import { clientActor, exchangeActor, operationId, TIMERS_ACTOR } from './world/world-operation.ts';
import { eventName } from './world/index.ts';

function nameOf(kind: 'arrive' | 'reply' | 'timer', actor: number): number {
  return eventName({ id: operationId(kind, 0), actor, subject: -1, touches: 0, isFault: false });
}

test('accounts that are left out are gone, those after them move up, all else stays as it is', () => {
  const actors = [exchangeActor(3), clientActor(0), exchangeActor(1), clientActor(2), clientActor(4)];
  const events = actors.map((actor, nth) => ({ name: nameOf('reply', actor), nth }));
  const timer = { name: nameOf('timer', TIMERS_ACTOR), nth: 7 };
  expect(withoutAccounts([timer, ...events], { from: 1, to: 3 })).toEqual([
    timer,
    { name: nameOf('reply', exchangeActor(1)), nth: 0 },
    { name: nameOf('reply', clientActor(0)), nth: 1 },
    { name: nameOf('reply', clientActor(2)), nth: 4 },
  ]);
});
