import { UsageError } from '../../usage-error.ts';
import type { CoordinatorName } from './coordination.ts';
import { NEMESIS_KINDS } from './nemesis.ts';
import type { NemesisKind } from './nemesis.ts';

/**
 * The kinds that a command line names: `all`, or some of them with commas between.
 * @throws {UsageError} for other names, and where there is nothing to break
 */
export function chooseNemesis(
  text: string,
  sharing: { readonly processes: number | undefined; readonly coordinator: CoordinatorName | undefined },
): readonly NemesisKind[] {
  if (sharing.coordinator !== 'postgres' || (sharing.processes ?? 1) < 2) {
    throw new UsageError(
      'Failed to set a nemesis on the run: it needs several processes and what they share. Give --processes 4 --coordinator postgres.',
    );
  }
  const names = text === 'all' ? NEMESIS_KINDS : text.split(',');
  return names.map((name) => {
    const kind = NEMESIS_KINDS.find((candidate) => candidate === name);
    if (kind !== undefined) return kind;
    throw new UsageError(
      `Failed to set a nemesis on the run: there is no ${JSON.stringify(name)}. Give all, or some of ${NEMESIS_KINDS.join(',')}.`,
    );
  });
}
