import { existsSync } from 'node:fs';
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { FaultPlan } from '../../mock-kraken/index.ts';
import { formatClientLine, formatTraceLine } from '../history/index.ts';
import { htmlReport, jsonReport, junitReport, shownCalls, traceEventsReport } from '../reports/index.ts';
import type { RunFacts } from '../reports/index.ts';
import type { Observation } from '../run/observe.ts';
import { UsageError } from '../usage-error.ts';
import type { Verdict } from '../verdict/index.ts';

/** What a run leaves behind for people and scripts. */
export interface EvidenceContents {
  readonly verdict: Verdict;
  readonly facts: RunFacts;
  readonly observation: Observation;
  /** What went wrong by plan, for a run that repeats it; `null`: nothing. */
  readonly faults: FaultPlan | null;
}

/** The folder of a run's evidence. */
export interface Evidence {
  /** As the user named it. */
  readonly shown: string;
  write(contents: EvidenceContents): Promise<void>;
}

/**
 * Makes sure, before anything runs, that the evidence can be written.
 * @throws {UsageError} when it cannot
 */
export async function openEvidence(
  options: { readonly out: string; readonly junit?: string },
  cwd: string,
): Promise<Evidence> {
  const folder = resolve(cwd, options.out);
  await makeWritable(folder, options.out);
  const junitFile = options.junit === undefined ? undefined : resolve(cwd, options.junit);
  if (junitFile !== undefined) await makeWritable(dirname(junitFile), options.junit ?? '');
  return {
    shown: options.out,
    async write(contents) {
      const files = Object.entries(await evidenceFiles(contents)).map(
        ([name, text]) => [join(folder, name), text] as const,
      );
      const junit =
        junitFile === undefined ? [] : [[junitFile, junitReport(contents.verdict, contents.facts)] as const];
      await Promise.all([...files, ...junit].map(([file, text]) => writeFile(file, text)));
    },
  };
}

async function evidenceFiles({
  verdict,
  facts,
  observation,
  faults,
}: EvidenceContents): Promise<Record<string, string>> {
  const { journal, clientCalls, clockOffsetMs, stdout, stderr } = observation;
  const client = clientCalls === null ? null : { calls: clientCalls, clockOffsetMs };
  return {
    'verdict.json': jsonReport(verdict),
    'report.html': await htmlReport({ verdict, facts, calls: journal, client }),
    'trace.ndjson': journal.map(formatTraceLine).join(''),
    'trace.json': traceEventsReport(shownCalls(journal, verdict), facts.title),
    'junit.xml': junitReport(verdict, facts),
    ...(faults === null ? {} : { 'faults.json': `${JSON.stringify(faults, null, 2)}\n` }),
    'target-stdout.log': stdout,
    'target-stderr.log': stderr,
    ...(clientCalls === null ? {} : { 'client.ndjson': clientCalls.map(formatClientLine).join('') }),
  };
}

async function makeWritable(folder: string, named: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (cause) {
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Failed to write to ${named}: ${observed}. Name a folder that you may write to.`,
      cause,
    );
  }
}

/** Folder by folder: where nothing can be made (in /proc), Node's own recursive mkdir never comes back. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder);
}
