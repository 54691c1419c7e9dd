import { Command, CommanderError } from 'commander';
import type { CommandContext, RegisterCommand } from './commands/index.ts';
import { COMMANDS } from './commands/index.ts';
import { environmentRedactor, withRedactedOutput } from './commands/index.ts';
import { withConfig } from './commands/config/index.ts';
import { forTerminalLines } from './reports/content/index.ts';
import { UsageError } from './usage-error.ts';
import { EXIT_STATUS } from './judge/verdict/index.ts';
import { version } from './version.ts';

/**
 * Runs one command line, without the program's name. Sets the exit status through the context; never throws for
 * what a user did wrong, and never ends the process by itself. No credential of the environment is in its output.
 */
export async function main(args: readonly string[], given: CommandContext): Promise<void> {
  // The mock prints credentials for use, and a user may have put them into the environment.
  const context = args[0] === 'mock' ? given : withRedactedOutput(given, environmentRedactor(given));
  try {
    const program = await createProgram(args[0], context);
    await program.parseAsync(await withConfig(args, context.cwd), { from: 'user' });
  } catch (error) {
    context.setExitStatus(reportFailure(error, context));
  }
}

/** @param verb - the first word: when it names no command, all are there, for the help */
async function createProgram(verb: string | undefined, context: CommandContext): Promise<Command> {
  const program = new Command('nonceproof')
    .description('Proves that a Kraken client keeps its nonces increasing and its private calls apart.')
    .version(version)
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // It quotes what it does not understand.
      writeErr: (text) => context.stderr.write(forTerminalLines(text)),
    })
    .showHelpAfterError('(nonceproof VERB --help lists the options)')
    .exitOverride();
  for (const register of await loadCommands(verb)) register(program, context);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

function loadCommands(verb: string | undefined): Promise<readonly RegisterCommand[]> {
  if (verb === '--version' || verb === '-V') return Promise.resolve([]);
  const named = Object.entries(COMMANDS).filter(([name]) => name === verb);
  const loads = named.length > 0 ? named.map(([, load]) => load) : Object.values(COMMANDS);
  return Promise.all(loads.map((load) => load()));
}

function reportFailure(error: unknown, context: CommandContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_STATUS.held : EXIT_STATUS.badUsage;
  if (error instanceof UsageError) {
    context.stderr.write(`nonceproof: ${forTerminalLines(error.message)}\n`);
    return EXIT_STATUS.badUsage;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  context.stderr.write(
    `nonceproof: internal error, which says nothing about the target: ${forTerminalLines(String(stack))}\n`,
  );
  return EXIT_STATUS.internalError;
}
