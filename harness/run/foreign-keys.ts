import type { JournalRecord } from '../../mock-kraken/index.ts';
import { count } from '../format.ts';

/**
 * Says that calls carried API keys which this run did not issue: the target has credentials from somewhere else
 * than its environment, perhaps real ones. Only fingerprints are known here.
 */
export function foreignKeyDefects(journal: readonly JournalRecord[]): readonly string[] {
  const foreign = journal.filter(({ account, key }) => account === null && key !== null);
  const [first] = foreign;
  if (first === undefined) return [];
  const keys = new Set(foreign.map(({ key }) => key)).size;
  return [
    `${count(foreign.length, 'call')} carried ${keys === 1 ? 'an API key' : `${keys} API keys`} that this run did not issue ` +
      `(fingerprint ${first.key}, first ${first.method} #${first.seq}). The target has credentials of its own, perhaps in a file: ` +
      'they were neither accepted nor stored. Let it take them from KRAKEN_API_KEY and KRAKEN_API_SECRET, or KRAKEN_ACCOUNTS_FILE.',
  ];
}
