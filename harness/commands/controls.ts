import { findControl, formatKillMatrix, loadControls } from '../controls/index.ts';
import type { ControlEntry } from '../controls/index.ts';
import { interruptionOf } from '../interruption.ts';
import { findReference, loadReferences } from '../controls/references/index.ts';
import type { ReferenceEntry } from '../controls/references/index.ts';
import { DEFAULT_RUN } from '../run/index.ts';
import { tryControls } from '../run/index.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT_STATUS } from '../judge/verdict/index.ts';
import type { CommandContext, RegisterCommand } from './command.ts';
import { numberWithin } from './options.ts';
import { createProgress } from './progress.ts';

interface ControlsOptions {
  readonly json?: boolean;
  readonly list?: boolean;
  readonly seed: number;
}

/** `nonceproof controls`: tries the judge on every known-bad and every correct client. */
export const registerControls: RegisterCommand = (program, context) => {
  program
    .command('controls')
    .description(
      'try the judge: every known-bad client must be convicted by its own rule, every correct one acquitted',
    )
    .argument('[id...]', 'only these')
    .option('--list', 'say what there is, run nothing')
    .option('--json', 'print the kill matrix as JSON and nothing else')
    .option(
      '--seed <s>',
      'fixes service times, jitter and credentials',
      numberWithin({ min: 0, max: 4_294_967_295 }),
      DEFAULT_RUN.seed,
    )
    .action((ids: string[], options: ControlsOptions) => controls({ ids, options, context }));
};

async function controls(invocation: {
  readonly ids: readonly string[];
  readonly options: ControlsOptions;
  readonly context: CommandContext;
}): Promise<void> {
  const { ids, options, context } = invocation;
  const all = await choose(ids);
  if (options.list === true) return void context.stdout.write(listOf(all));
  const runnable = {
    controls: all.controls.filter(canRun),
    references: all.references.filter(canRun),
  };
  const progress = createProgress(options.json === true ? null : context);
  const matrix = await tryControls(runnable, {
    seed: options.seed,
    surroundings: { env: context.env, cwd: context.cwd, signal: context.signal },
    onDone: (id) => progress.show(`tried ${id}`),
  });
  progress.clear();
  const interruption = interruptionOf(context.signal);
  if (interruption !== null) {
    const tried = matrix.controls.length + matrix.references.length;
    context.stderr.write(`nonceproof: ${interruption.observed} after ${tried} of the clients were tried.\n`);
    return context.setExitStatus(EXIT_STATUS.inconclusive);
  }
  const left = [...all.controls, ...all.references].filter((entry) => !canRun(entry));
  if (options.json === true) context.stdout.write(`${JSON.stringify(matrix, null, 2)}\n`);
  else context.stdout.write(`${formatKillMatrix(matrix)}\n${left.map(whyLeft).join('')}`);
  context.setExitStatus(matrix.sound ? EXIT_STATUS.held : EXIT_STATUS.violated);
}

interface Everybody {
  readonly controls: readonly ControlEntry[];
  readonly references: readonly ReferenceEntry[];
}

async function choose(ids: readonly string[]): Promise<Everybody> {
  if (ids.length === 0) return { controls: await loadControls(), references: await loadReferences() };
  const chosen = { controls: [] as ControlEntry[], references: [] as ReferenceEntry[] };
  for (const id of ids) {
    const control = await findControl(id);
    const reference = await findReference(id);
    if (control) chosen.controls.push(control);
    else if (reference) chosen.references.push(reference);
    else
      throw new UsageError(
        `Failed to find control ${id}: there is none of that name. See: nonceproof controls --list`,
      );
  }
  return chosen;
}

/** What it needs is installed. */
function canRun({ missing }: ControlEntry | ReferenceEntry): boolean {
  return missing.length === 0;
}

function whyLeft({ about, missing }: ControlEntry | ReferenceEntry): string {
  return `not run: ${about.id} needs ${missing.join(', ')}, which is not installed\n`;
}

function listOf({ controls, references }: Everybody): string {
  const bad = controls.map(
    ({ about }) => `${about.id.padEnd(28)} ${about.rule.padEnd(20)} ${about.defect}\n`,
  );
  const good = references.map(
    ({ about }) => `${about.id.padEnd(28)} ${'(correct)'.padEnd(20)} ${about.description}\n`,
  );
  return [...bad, ...good].join('');
}
