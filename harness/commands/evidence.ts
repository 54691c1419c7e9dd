import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FaultPlan } from '../../mock-kraken/index.ts';
import { formatClientLine, sealTrace } from '../judge/history/index.ts';
import type { TraceEnd, TraceFooter, TraceHeader } from '../judge/history/index.ts';
import { provenanceOf } from '../provenance/index.ts';
import { htmlReport, jsonReport, junitReport, traceEventsReport } from '../reports/index.ts';
import { shownCalls } from '../reports/content/index.ts';
import type { RunFacts } from '../reports/content/index.ts';
import type { Observation } from '../run/index.ts';
import { UsageError } from '../usage-error.ts';
import type { Verdict } from '../judge/verdict/index.ts';
import { version } from '../version.ts';
import { DEFAULT_OUT_MODE, openEvidenceFile, openEvidenceFolder, writeEvidence } from './evidence-place.ts';
import { RunningTrace } from './running-trace.ts';

/** What a run leaves behind for people and scripts. */
export interface EvidenceContents {
  /** Without its provenance. */
  readonly verdict: Verdict;
  readonly facts: RunFacts;
  readonly observation: Observation;
  /** Of the trace. */
  readonly header: TraceHeader;
  readonly end: TraceEnd;
  /** What went wrong by plan, for a run that repeats it; `null`: nothing. */
  readonly faults: FaultPlan | null;
}

/** What has become of a run's evidence. */
export interface WrittenEvidence {
  /** With its provenance. */
  readonly verdict: Verdict;
  /** Why not all of it could be written: no room, or the folder is gone; `null`: all of it is there. */
  readonly unwritten: Error | null;
}

/** The folder of a run's evidence. */
export interface Evidence {
  /** As the user named it. */
  readonly shown: string;
  /**
   * Begins a trace that grows with the run, and removes what an earlier run left: were this one killed, it would stand
   * beside a trace that it does not speak of.
   * @throws {UsageError} when that cannot be done
   */
  begin(header: TraceHeader, redact: (text: string) => string): RunningTrace;
  /** Everything that is written of it, absolute: the folder, and what lies elsewhere. */
  readonly places: readonly string[];
  /** Writes the trace first, for the verdict names its hash. A verdict is told also when there is no room for it. */
  write(contents: EvidenceContents): Promise<WrittenEvidence>;
}

/**
 * Makes sure, before anything runs, that the evidence can be written.
 * @throws {UsageError} when it cannot
 */
export async function openEvidence(
  options: { readonly out: string; readonly junit?: string; readonly outMode?: number },
  cwd: string,
): Promise<Evidence> {
  const folder = resolve(cwd, options.out);
  const mode = options.outMode ?? DEFAULT_OUT_MODE;
  await openEvidenceFolder({ path: folder, named: options.out, mode });
  const junitFile = options.junit === undefined ? undefined : resolve(cwd, options.junit);
  if (junitFile !== undefined) await openEvidenceFile({ path: junitFile, named: options.junit ?? '', mode });
  const trace = join(folder, 'trace.ndjson');
  return {
    shown: options.out,
    places: [folder, ...(junitFile === undefined ? [] : [junitFile])],
    begin(header, redact) {
      removeOlder([
        ...FILES.map((name) => join(folder, name)),
        ...(junitFile === undefined ? [] : [junitFile]),
      ]);
      return new RunningTrace({ place: { path: trace, named: options.out, mode }, header, redact });
    },
    async write(parts) {
      const traced = writeTrace({ path: trace, mode }, parts);
      const verdict = withProvenance(parts, await traced.catch(() => null));
      const unwritten = await failureOf(writeAll({ ...parts, verdict }, traced));
      return { verdict, unwritten };
    },
  };

  async function writeAll(contents: EvidenceContents, traced: Promise<unknown>): Promise<void> {
    const { redact } = contents.observation.redactor;
    const { stdout, stderr } = contents.observation;
    const files = Object.entries(await evidenceFiles(contents)).map(
      ([name, text]) => [join(folder, name), redact(text)] as const,
    );
    const logs = Object.entries({ 'target-stdout.log': stdout, 'target-stderr.log': stderr }).map(
      ([name, text]) => [join(folder, name), text] as const,
    );
    const junit =
      junitFile === undefined
        ? []
        : [[junitFile, redact(junitReport(contents.verdict, contents.facts))] as const];
    await allWritten(options.out, [
      traced,
      ...[...files, ...logs, ...junit].map(([file, text]) => writeEvidence(file, text, mode)),
    ]);
  }
}

async function failureOf(work: Promise<void>): Promise<Error | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Every file that a run may leave in the folder, but for its trace. */
const FILES = [
  'verdict.json',
  'report.html',
  'trace.json',
  'junit.xml',
  'faults.json',
  'client.ndjson',
  'target-stdout.log',
  'target-stderr.log',
] as const;

function removeOlder(paths: readonly string[]): void {
  try {
    for (const path of paths) rmSync(path, { force: true });
  } catch (cause) {
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Failed to remove older evidence: ${observed}. Name another place.`, cause);
  }
}

/** Waits for all, so that nothing is still being written when one of them has failed. */
async function allWritten(named: string, files: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(files)).find((result) => result.status === 'rejected');
  if (failed === undefined) return;
  const cause: unknown = failed.reason;
  if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
  throw new UsageError(
    `Failed to write all evidence to ${named}: ${cause.message}. Make room for it, or name another place.`,
    cause,
  );
}

/** @returns what seals it */
async function writeTrace(
  { path, mode }: { readonly path: string; readonly mode: number },
  { header, observation, end }: EvidenceContents,
): Promise<TraceFooter> {
  const { journal, redactor } = observation;
  let footer: TraceFooter = { records: 0, sha256: '' };
  const pieces = function* (): Generator<string> {
    footer = yield* sealTrace(header, journal, redactor.redact, end);
  };
  await writeEvidence(path, pieces(), mode);
  return footer;
}

function withProvenance(
  { verdict, facts, observation, header }: EvidenceContents,
  trace: TraceFooter | null,
): Verdict {
  const { elapsedMs } = observation;
  const provenance = provenanceOf({
    nonceproof: version,
    header,
    trace,
    durationMs: elapsedMs,
    figures: facts.statistics,
  });
  return { ...verdict, provenance };
}

/** All but the target's own words, which were redacted when they were read. */
async function evidenceFiles({
  verdict,
  facts,
  observation,
  faults,
}: Omit<EvidenceContents, 'header'>): Promise<Record<string, string>> {
  const { journal, clientCalls, clockOffsetMs } = observation;
  const client = clientCalls === null ? null : { calls: clientCalls, clockOffsetMs };
  return {
    'verdict.json': jsonReport(verdict),
    'report.html': await htmlReport({ verdict, facts, calls: journal, client }),
    'trace.json': traceEventsReport(shownCalls(journal, verdict), facts.title),
    'junit.xml': junitReport(verdict, facts),
    ...(faults === null ? {} : { 'faults.json': `${JSON.stringify(faults, null, 2)}\n` }),
    ...(clientCalls === null ? {} : { 'client.ndjson': clientCalls.map(formatClientLine).join('') }),
  };
}
