import { refusalColumn } from '../../../mock-kraken/index.ts';
import type { JournalRecord, RefusalColumn } from '../../../mock-kraken/index.ts';

/**
 * Returns what the exchange had against a call: the way it was called or what it asked for. `null` for a call that
 * it did not reject, or only because of an injected fault. A rejection without a recorded error counts as `call`.
 */
export function rejectionOf({ outcome, fault, error }: JournalRecord): RefusalColumn | null {
  if (outcome !== 'rejected' || fault !== null) return null;
  return error === null ? 'call' : refusalColumn(error);
}
