import { appendFile } from 'node:fs/promises';
import {
  colorsFor,
  githubAnnotations,
  githubSummary,
  jsonReport,
  tapReport,
  terminalReport,
} from '../reports/index.ts';
import { forTerminal } from '../reports/content/index.ts';
import type { Redactor } from '../redaction/index.ts';
import type { RunFacts } from '../reports/content/index.ts';
import type { Verdict } from '../judge/verdict/index.ts';
import type { CommandContext } from './command.ts';
import { withRedactedOutput } from './redacted-output.ts';

/** In what form the verdict goes to standard output. */
export type OutputFormat = 'text' | 'json' | 'tap';

/** What is announced. */
export interface Announcement {
  readonly verdict: Verdict;
  readonly facts: RunFacts;
  /** Knows the credentials that none of it may hold. */
  readonly redactor: Redactor;
}

/**
 * Prints the verdict. On GitHub Actions it is also annotated (on standard error, which GitHub reads as well, so
 * that JSON stays JSON), and appended to the summary of the step.
 */
export async function announce(
  { verdict, facts, redactor }: Announcement,
  format: OutputFormat,
  openContext: CommandContext,
): Promise<void> {
  const context = withRedactedOutput(openContext, redactor);
  if (context.env['GITHUB_ACTIONS'] === 'true') context.stderr.write(githubAnnotations(verdict));
  await appendSummary(redactor.redact(githubSummary(verdict, facts)), context);
  const colors = colorsFor({ isTTY: context.stdout.isTTY === true, env: context.env });
  const text = {
    text: () => terminalReport(verdict, facts, colors),
    json: () => jsonReport(verdict),
    tap: () => tapReport(verdict, facts),
  };
  context.stdout.write(text[format]());
}

/** A summary that cannot be written is no reason to lose the verdict. */
async function appendSummary(summary: string, { env, stderr }: CommandContext): Promise<void> {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  try {
    await appendFile(file, summary);
  } catch (error) {
    const observed = error instanceof Error ? error.message : String(error);
    stderr.write(`nonceproof: the step's summary could not be written: ${forTerminal(observed)}\n`);
  }
}
