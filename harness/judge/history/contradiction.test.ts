import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, stageOf } from '../../../mock-kraken/index.ts';
import type { FaultKind, JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall } from '../rules/history.test-support.ts';
import { contradictionIn } from './contradiction.ts';

const MADE = { kind: 'order', ids: ['O1'] } as const;
const intent = (id: string | null) => ({ digest: 'd', likeness: 'l', id });

function found(changes: Partial<JournalRecord>): string | null {
  return contradictionIn(aCall(5, changes));
}

/** Every combination of what a record says of its outcome, and whether an exchange can have written it. */
const CROSSED = (['accepted', 'rejected', 'faulted'] as const).flatMap((outcome) =>
  [null, 'EAPI:Invalid nonce', 'WGeneral:Warning'].flatMap((error) =>
    [null, 'slow-service', 'delay-arrival', 'busy', 'truncate', 'of another recorder'].flatMap((fault) =>
      [null, MADE].map((effect) => ({ outcome, error, fault, effect })),
    ),
  ),
);

/** The same told in the words of `JournalRecord`, and not in those of the code. */
function isPossible({ outcome, error, fault, effect }: (typeof CROSSED)[number]): boolean {
  if (outcome === 'rejected') return fault === null && effect === null;
  if (outcome === 'faulted') return fault !== null;
  const onlyTakesTime = [null, 'slow-service', 'delay-arrival', 'of another recorder'].includes(fault);
  return error !== 'EAPI:Invalid nonce' && onlyTakesTime;
}

describe('outcome, error, fault and effect', () => {
  it.each(CROSSED)('$outcome, $error, $fault, effect $effect.kind', (facts) => {
    expect(found(facts) === null).toBe(isPossible(facts));
  });

  const accepts = (fault: FaultKind): boolean => ['way', 'service'].includes(stageOf(fault));
  it.each(FAULT_KINDS)('a call that %s struck is accepted only where it merely took time', (fault) => {
    expect(found({ fault }) === null).toBe(accepts(fault));
    expect(found({ fault, outcome: 'faulted' })).toBeNull();
    expect(found({ fault, outcome: 'rejected' })).toContain('which would make it faulted');
  });

  it.each([
    [{ error: 'EOrder:Unknown order' }, 'it was accepted, and has the error "EOrder:Unknown order"'],
    [{ outcome: 'faulted' }, 'it is faulted, and names no fault'],
    [{ fault: 'busy' }, 'it was accepted in spite of the fault busy'],
    [{ outcome: 'rejected', effect: MADE }, 'it was rejected, and has an effect'],
  ] as const)('%j is named', (changes, words) => expect(found(changes)).toBe(words));
});

describe('a call in service', () => {
  const open = { departedNs: null } as const;

  it('has no outcome yet', () => expect(found(open)).toBeNull());

  it.each<Partial<JournalRecord>>([
    { outcome: 'rejected' },
    { outcome: 'faulted', fault: 'busy' },
    { error: 'WGeneral:Warning' },
    { effect: MADE },
  ])('has none of %j', (changes) => {
    expect(found(changes)).toBeNull();
    expect(found({ ...changes, ...open })).toBe('it has ended, and has no departedNs');
  });

  it('may have been struck by what takes time', () =>
    expect(found({ ...open, fault: 'slow-service' })).toBeNull());
});

describe('an effect and the intents that came to it', () => {
  it.each([
    ['nothing is known of intents', {}],
    ['none was asked for', { intents: [] }],
    ['all came to something', { intents: [intent('O1')] }],
    ['some of a batch came to something', { intents: [intent(null), intent('O1')] }],
    ['it names none', { effect: { kind: 'cancel', ids: [] }, intents: [intent(null)] }],
    ['nothing came of what was asked', { effect: null, intents: [intent(null)] }],
  ] as const)('agree where %s', (_, changes) => expect(found({ effect: MADE, ...changes })).toBeNull());

  it.each([
    ['an intent came to another', { intents: [intent('O2')] }, '"O2"'],
    ['one of a batch came to another', { intents: [intent('O1'), intent('O2')] }, '"O2"'],
    ['an intent came to something without effect', { effect: null, intents: [intent('O1')] }, '"O1"'],
    ['nothing came of the only intent', { intents: [intent(null)] }, 'none of its intents'],
  ] as const)('disagree where %s', (_, changes, words) =>
    expect(found({ effect: MADE, ...changes })).toContain(words),
  );
});

describe('a second delivery', () => {
  const twice = { outcome: 'faulted', fault: 'duplicate-first-reply' } as const;

  it.each([
    [1, null],
    [4, null],
    [5, 'it repeats #5, which did not come before it'],
    [6, 'it repeats #6, which did not come before it'],
  ])('of #%i, in #5: %s', (duplicateOf, words) => expect(found({ ...twice, duplicateOf })).toBe(words));

  it('is the doing of a fault', () => {
    expect(found({ duplicateOf: 4 })).toBe('it repeats #4, and names no fault that delivered it twice');
  });
});

describe('the moment of a reply that was read early', () => {
  const { arrivedNs, departedNs } = aCall(5);
  const end = departedNs ?? 0;

  it.each([arrivedNs, arrivedNs + 1, end])('may be within the service: %i', (repliedNs) => {
    expect(found({ repliedNs })).toBeNull();
  });

  it.each([arrivedNs - 1, end + 1])('may not be outside of it: %i', (repliedNs) => {
    expect(found({ repliedNs })).toBe('repliedNs is not between arrivedNs and departedNs');
  });

  it('has no end to be within while the call is in service', () => {
    expect(found({ departedNs: null, repliedNs: end + 1 })).toBeNull();
    expect(found({ departedNs: null, repliedNs: arrivedNs - 1 })).toContain('repliedNs');
  });
});
