import { FAULT_KINDS, stageOf } from '../../../mock-kraken/index.ts';
import type { FaultKind, JournalRecord } from '../../../mock-kraken/index.ts';

/**
 * Returns what in a record cannot be true together, as a clause; `null` when nothing is. No exchange writes such a
 * record, so it was changed or made up, and nothing may be concluded from it.
 */
export function contradictionIn(call: JournalRecord): string | null {
  for (const check of CHECKS) {
    const found = check(call);
    if (found !== null) return found;
  }
  return null;
}

type Check = (call: JournalRecord) => string | null;

const CHECKS: readonly Check[] = [
  outcomeAgainstError,
  outcomeAgainstFault,
  outcomeAgainstEffect,
  endedAlthoughInService,
  effectAgainstIntents,
  duplicateOfNothing,
  repliedOutsideService,
];

/** `W…` strings are warnings and may stand beside a result. Kraken docs, errors guide. */
function outcomeAgainstError({ outcome, error }: JournalRecord): string | null {
  if (outcome !== 'accepted' || error === null || error.startsWith('W')) return null;
  return `it was accepted, and has the error ${JSON.stringify(error)}`;
}

function outcomeAgainstFault({ outcome, fault }: JournalRecord): string | null {
  if (fault === null) return outcome === 'faulted' ? 'it is faulted, and names no fault' : null;
  if (outcome === 'rejected') {
    return `it was rejected, and names the fault ${JSON.stringify(fault)}, which would make it faulted`;
  }
  const leavesAccepted = !isKnownFault(fault) || LEAVES_ACCEPTED.has(stageOf(fault));
  return outcome === 'faulted' || leavesAccepted ? null : `it was accepted in spite of the fault ${fault}`;
}

/** What only takes time. */
const LEAVES_ACCEPTED: ReadonlySet<string> = new Set(['way', 'service']);

function isKnownFault(name: string): name is FaultKind {
  return FAULT_KINDS.some((kind) => kind === name);
}

function outcomeAgainstEffect({ outcome, effect }: JournalRecord): string | null {
  return outcome === 'rejected' && effect !== null ? 'it was rejected, and has an effect' : null;
}

function endedAlthoughInService({ departedNs, outcome, error, effect }: JournalRecord): string | null {
  if (departedNs !== null) return null;
  const isOpen = outcome === 'accepted' && error === null && effect === null;
  return isOpen ? null : 'it has ended, and has no departedNs';
}

function effectAgainstIntents({ effect, intents }: JournalRecord): string | null {
  if (intents === undefined || intents.length === 0) return null;
  const made = intents.map(({ id }) => id).filter((id) => id !== null);
  const other = made.find((id) => effect?.ids.includes(id) !== true);
  if (other !== undefined)
    return `its intents came to ${JSON.stringify(other)}, and its effect does not name that`;
  const isDenied = effect !== null && effect.ids.length > 0 && made.length === 0;
  return isDenied ? 'it has an effect, and none of its intents came to anything' : null;
}

function duplicateOfNothing({ seq, duplicateOf, fault }: JournalRecord): string | null {
  if (duplicateOf === undefined) return null;
  if (duplicateOf >= seq) return `it repeats #${duplicateOf}, which did not come before it`;
  return fault === null ? `it repeats #${duplicateOf}, and names no fault that delivered it twice` : null;
}

function repliedOutsideService({ repliedNs, arrivedNs, departedNs }: JournalRecord): string | null {
  if (repliedNs === undefined) return null;
  const isWithin = repliedNs >= arrivedNs && repliedNs <= (departedNs ?? Infinity);
  return isWithin ? null : 'repliedNs is not between arrivedNs and departedNs';
}
