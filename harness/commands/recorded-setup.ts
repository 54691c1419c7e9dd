import { z } from 'zod';
import type { TraceHeader } from '../judge/history/index.ts';
import type { RunSetup } from '../run/index.ts';

/**
 * Reads from the header of a trace how its run was set up. What a header does not say, or says in another shape, counts
 * as not set up. A mock that ran by itself promises nothing: its clients were not started by it.
 */
export function recordedSetup(header: TraceHeader | null): RunSetup {
  const { faults, ...setup } = SCENARIO.parse(header?.command === 'verify' ? header.scenario : {});
  return { ...setup, planned: faults?.faults.map(({ kind }) => kind) ?? [] };
}

const COUNT = z.int().min(1).catch(1);
const FLAG = z.boolean().catch(false);
const WORDS = z.array(z.string()).catch([]);

const SCENARIO: z.ZodType<
  Omit<RunSetup, 'planned'> & {
    readonly faults: { readonly faults: readonly { readonly kind: string }[] } | null;
  }
> = z.object({
  faults: z
    .object({ faults: z.array(z.object({ kind: z.string() })) })
    .nullable()
    .catch(null),
  clock: z.enum(['honest', 'steps', 'faults']).catch('honest'),
  nemesis: WORDS,
  situations: WORDS,
  processes: COUNT,
  threads: COUNT,
  perAccount: FLAG,
  strict: FLAG,
});
