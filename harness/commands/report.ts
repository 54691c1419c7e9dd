import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { LaneScope } from '../../src/index.ts';
import { readTrace } from '../judge/history/index.ts';
import type { TraceReading } from '../judge/history/index.ts';
import { RunStatisticsCollector } from '../provenance/index.ts';
import { htmlReport, traceEventsReport } from '../reports/index.ts';
import { shownCalls } from '../reports/content/index.ts';
import { RULE_IDS } from '../judge/history/index.ts';
import { WARNING_IDS } from '../judge/rules/index.ts';
import { runContext } from '../run/index.ts';
import { UsageError } from '../usage-error.ts';
import { judge } from '../judge/verdict/index.ts';
import type { Verdict } from '../judge/verdict/index.ts';
import type { CommandContext, RegisterCommand } from './command.ts';
import {
  DEFAULT_OUT_MODE,
  fileMode,
  openEvidenceFolder,
  OUT_MODE_HELP,
  writeEvidence,
} from './evidence-place.ts';
import { oneOf } from './options.ts';
import { recordedSetup } from './recorded-setup.ts';
import { environmentRedactor } from './redacted-output.ts';

interface ReportOptions {
  readonly scope?: LaneScope;
  readonly outMode?: number;
}

/** `nonceproof report DIR`: makes `report.html` and `trace.json` again from a `trace.ndjson`. */
export const registerReport: RegisterCommand = (program, context) => {
  program
    .command('report')
    .description('make report.html and trace.json again, from the trace alone')
    .argument('<dir>', 'a folder with trace.ndjson in it, or such a file')
    .option(
      '--scope <scope>',
      'one lane for all accounts (global) or one per API key (key); default: as in verdict.json, else global',
      oneOf(['global', 'key']),
    )
    .option('--out-mode <mode>', OUT_MODE_HELP, fileMode)
    .action((place: string, options: ReportOptions) => report(place, options, context));
};

async function report(place: string, options: ReportOptions, context: CommandContext): Promise<void> {
  const file = traceFileOf(resolve(context.cwd, place));
  const folder = dirname(file);
  const mode = options.outMode ?? DEFAULT_OUT_MODE;
  await openEvidenceFolder({ path: folder, named: place, mode });
  const recorded = await readVerdict(join(folder, 'verdict.json'));
  const { calls, trace } = await readCalls(file, place);
  const { header, end, sealed } = trace;
  const defects = [...trace.defects, ...(end?.defects ?? [])];
  const scope = options.scope ?? recorded?.scope ?? header?.scope ?? 'global';
  const setup = runContext(recordedSetup(header));
  const judged = judge(
    calls,
    {
      scope,
      accounts: null,
      ...setup,
      clientSide: false,
      strict: recorded?.strict ?? setup.strict === true,
      seed: recorded?.seed ?? header?.seed ?? 0,
      recordedScope: header?.scope ?? null,
      strength: 'observed',
      reproduce: recorded?.reproduce ?? `nonceproof check ${place}`,
    },
    { exit: end?.exit ?? null, faultsElsewhere: end?.struck, clientCalls: null, defects, sealed },
  );
  const verdict = choose({ recorded, judged, trace });
  const statistics = new RunStatisticsCollector({ clientSide: false });
  for (const call of calls) statistics.onCall(call);
  const facts = {
    title: place,
    accounts: null,
    scope,
    seed: recorded?.seed ?? null,
    judgeLine: null,
    statistics: statistics.finish(null),
    evidenceDir: place,
  };
  const outputs = {
    'report.html': await htmlReport({ verdict, facts, calls, client: null }),
    'trace.json': traceEventsReport(shownCalls(calls, verdict), place),
  };
  const { redact } = environmentRedactor(context);
  await Promise.all(
    Object.entries(outputs).map(([name, text]) => writeEvidence(join(folder, name), redact(text), mode)),
  );
  context.stdout.write(
    `${Object.keys(outputs)
      .map((name) => join(folder, name))
      .join('\n')}\n`,
  );
  context.setExitStatus(0);
}

function traceFileOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true ? join(path, 'trace.ndjson') : path;
}

interface ReadCalls {
  readonly calls: readonly JournalRecord[];
  readonly trace: TraceReading;
}

async function readCalls(file: string, named: string): Promise<ReadCalls> {
  const calls: JournalRecord[] = [];
  try {
    const trace = await readTrace(createReadStream(file), (call) => calls.push(call));
    return { calls, trace };
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new UsageError(
      `Failed to read a trace at ${named}: ${error.message}. Name a folder with trace.ndjson in it.`,
      error,
    );
  }
}

/** What a report of a trace can show. */
interface Candidates {
  /** That of `verdict.json`. */
  readonly recorded: Verdict | null;
  /** That of the trace alone. */
  readonly judged: Verdict;
  readonly trace: TraceReading;
}

/**
 * How the target ended, and what it was told, is not in a trace but in the verdict of its run: that one is shown,
 * unless it does not fit the trace, or was asked for under another scope. A rule that the trace shows broken can
 * never be shown as kept, and no trace that is not whole stands behind a verdict of `held`.
 */
function choose({ recorded, judged, trace }: Candidates): Verdict {
  if (recorded === null || recorded.scope !== judged.scope) return judged;
  const violated = (verdict: Verdict): readonly string[] =>
    verdict.rules.filter(({ status }) => status === 'violated').map(({ id }) => id);
  const fits =
    recorded.counts.calls === judged.counts.calls &&
    violated(judged).every((id) => violated(recorded).includes(id));
  if (!fits) {
    const note = 'The verdict.json beside the trace is of another run: this is what the trace itself shows.';
    return { ...judged, notes: [note, ...judged.notes] };
  }
  const notes = [...recorded.notes, ...notIn(judged.notes, recorded.notes)];
  const isDoubted = recorded.verdict === 'held' && isTorn({ judged, trace });
  const verdict = isDoubted ? 'inconclusive' : recorded.verdict;
  return { ...recorded, verdict, sealed: trace.sealed, notes };
}

/** Whether something is wrong with the trace itself, as far as reader or judge can see. */
function isTorn({ judged, trace }: Pick<Candidates, 'judged' | 'trace'>): boolean {
  const isOpen = judged.counts.calls === 0 || judged.rules.some(({ status }) => status === 'inconclusive');
  return trace.defects.length > 0 || (judged.verdict === 'inconclusive' && !isOpen);
}

function notIn(notes: readonly string[], others: readonly string[]): readonly string[] {
  return notes.filter((note) => !others.includes(note));
}

/** What older versions did not write counts as none. */
const VERDICT: z.ZodType<Verdict> = z.object({
  verdict: z.enum(['held', 'violated', 'inconclusive']),
  strength: z.enum(['observed', 'sampled', 'exhaustive']),
  sealed: z.boolean().nullable().default(null),
  scope: z.enum(['global', 'key']),
  seed: z.number(),
  rules: z.array(
    z.object({
      id: z.enum(RULE_IDS),
      status: z.enum(['held', 'violated', 'inconclusive', 'not-applicable']),
      violations: z.number(),
      first: z.array(z.number()),
      explanation: z.string(),
    }),
  ),
  counts: z.object({
    accounts: z.number(),
    calls: z.number(),
    accepted: z.number(),
    rejected: z.number(),
    refused: z.number().default(0),
    faulted: z.number(),
    publicCalls: z.number(),
  }),
  refusals: z.array(z.object({ error: z.string(), calls: z.number(), first: z.number() })).default([]),
  warnings: z
    .array(
      z.object({
        id: z.enum(WARNING_IDS),
        rule: z.enum(RULE_IDS),
        calls: z.number(),
        first: z.array(z.number()),
        explanation: z.string(),
      }),
    )
    .default([]),
  strict: z.boolean().default(false),
  notes: z.array(z.string()),
  reproduce: z.string(),
});

/** `null` when there is none, or none that can be read. */
async function readVerdict(file: string): Promise<Verdict | null> {
  try {
    return VERDICT.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
