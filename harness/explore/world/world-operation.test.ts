import { describe, expect, test } from 'vitest';
import {
  accountOfName,
  clientActor,
  eventName,
  exchangeActor,
  operationId,
  renamed,
  TIMERS_ACTOR,
} from './world-operation.ts';

function nameOf(kind: 'arrive' | 'reply' | 'timer', actor: number, about = 0): number {
  const id = operationId(kind, about);
  return eventName({ id, actor, subject: -1, touches: 0, isFault: false });
}

describe('the name of an event', () => {
  test('says who acts and what happens, not which time it is', () => {
    expect(nameOf('arrive', clientActor(1), 7)).toBe(nameOf('arrive', clientActor(1), 3));
    expect(nameOf('arrive', clientActor(1))).not.toBe(nameOf('arrive', clientActor(2)));
    expect(nameOf('arrive', clientActor(1))).not.toBe(nameOf('reply', clientActor(1)));
  });

  test('says whose it is, on both sides; a timer is nobody’s', () => {
    expect(accountOfName(nameOf('arrive', clientActor(3)))).toBe(3);
    expect(accountOfName(nameOf('reply', exchangeActor(3)))).toBe(3);
    expect(accountOfName(nameOf('timer', TIMERS_ACTOR))).toBeNull();
  });

  test('of one account becomes that of another', () => {
    expect(renamed(nameOf('reply', exchangeActor(5)), 2)).toBe(nameOf('reply', exchangeActor(3)));
  });
});
