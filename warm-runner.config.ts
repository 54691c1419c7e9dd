/** Runs mutants one after the other in a process that stays: see warm-worker.config.ts. */
import { appendFileSync } from 'node:fs';
import { strykerPlugins as vitestPlugins } from '@stryker-mutator/vitest-runner';

/** What Stryker asks of a test runner, as far as it is read here. */
interface Runner {
  readonly init: () => Promise<void>;
  readonly dispose: () => Promise<void>;
  readonly capabilities: () => unknown;
  readonly dryRun: (options: object) => Promise<unknown>;
  readonly mutantRun: (options: MutantRun) => Promise<MutantResult>;
}

interface MutantRun {
  readonly activeMutant: {
    readonly id: string;
    readonly fileName?: string;
    readonly location?: { readonly start: { readonly line: number; readonly column: number } };
    readonly mutatorName?: string;
    readonly replacement?: string;
  };
  /** Longer than twice the limit of a test. */
  readonly timeout: number;
  readonly testFilter?: readonly string[];
}

interface MutantResult {
  readonly status: string;
  readonly killedBy?: readonly string[];
  readonly failureMessage?: string;
}

/**
 * Believes that a test noticed a mutant only if the same test passes without it right afterwards: what an earlier
 * mutant left behind in the process, or other work on the machine, is not taken for a kill.
 */
class WarmRunner {
  readonly #runner: Runner;

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  init(): Promise<void> {
    return this.#runner.init();
  }

  dispose(): Promise<void> {
    return this.#runner.dispose();
  }

  capabilities(): unknown {
    return this.#runner.capabilities();
  }

  dryRun(options: object): Promise<unknown> {
    return this.#runner.dryRun(options);
  }

  async mutantRun(options: MutantRun): Promise<MutantResult> {
    let result = await this.#runner.mutantRun(options);
    if (result.status === 'timeout' || result.status === 'error') renew();
    if (!(await this.#passesWithout(options, result))) {
      renew();
      result = await this.#runner.mutantRun(options);
      renew();
    }
    log(options, result);
    return result;
  }

  /** A test that ran into its limit must pass in half of that, or load may have failed it. */
  async #passesWithout(options: MutantRun, { failureMessage, killedBy }: MutantResult): Promise<boolean> {
    if (killedBy === undefined) return true;
    const begin = performance.now();
    const activeMutant = { ...options.activeMutant, id: 'none' };
    const { status } = await this.#runner.mutantRun({ ...options, activeMutant, testFilter: killedBy });
    const limitMs = failureMessage?.includes('timed out') ? options.timeout / 4 : Infinity;
    return status === 'survived' && performance.now() - begin < limitMs;
  }
}

/** A run takes long: `NONCEPROOF_MUTATION_LOG` names a file that says how each mutant ended as soon as it has. */
function log({ activeMutant }: MutantRun, { status, killedBy = [] }: MutantResult): void {
  const file = process.env['NONCEPROOF_MUTATION_LOG'];
  if (file === undefined) return;
  const { fileName, location, mutatorName, replacement } = activeMutant;
  const place = `${fileName}:${(location?.start.line ?? 0) + 1}:${(location?.start.column ?? 0) + 1}`;
  appendFileSync(file, `${status}\t${place}\t${mutatorName}\t${replacement}\t${killedBy.join(' | ')}\n`);
}

function renew(): void {
  process.env['NONCEPROOF_MUTATION_FRESH'] = '1';
}

interface Injector {
  readonly injectFunction: (factory: unknown) => Runner;
}

function createWarmRunner(injector: Injector): WarmRunner {
  return new WarmRunner(injector.injectFunction(vitestPlugins[0]?.factory));
}
createWarmRunner.inject = ['$injector'];

/** Read by Stryker. */
export const strykerPlugins: readonly object[] = [
  { kind: 'TestRunner', name: 'warm', factory: createWarmRunner },
];
