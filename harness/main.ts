import { Command, CommanderError } from 'commander';
import { registerCheck } from './commands/check.ts';
import type { CommandContext, RegisterCommand } from './commands/command.ts';
import { registerControls } from './commands/controls.ts';
import { registerExplore } from './commands/explore.ts';
import { registerInit } from './commands/init.ts';
import { registerMock } from './commands/mock.ts';
import { registerReplay } from './commands/replay.ts';
import { registerReport } from './commands/report.ts';
import { registerVerify } from './commands/verify.ts';
import { withConfig } from './config/index.ts';
import { UsageError } from './usage-error.ts';
import { EXIT_STATUS } from './verdict/verdict.ts';
import { version } from './version.ts';

const COMMANDS: readonly RegisterCommand[] = [
  registerVerify,
  registerMock,
  registerCheck,
  registerControls,
  registerExplore,
  registerReplay,
  registerReport,
  registerInit,
];

/**
 * Runs one command line, without the program's name. Sets the exit status through `context`; never throws for
 * what a user did wrong, and never ends the process by itself.
 */
export async function main(args: readonly string[], context: CommandContext): Promise<void> {
  const program = createProgram(context);
  try {
    await program.parseAsync(await withConfig(args, context.cwd), { from: 'user' });
  } catch (error) {
    context.setExitStatus(reportFailure(error, context));
  }
}

function createProgram(context: CommandContext): Command {
  const program = new Command('nonceproof')
    .description('Proves that a Kraken client keeps its nonces increasing and its private calls apart.')
    .version(version)
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .showHelpAfterError('(nonceproof VERB --help lists the options)')
    .exitOverride();
  for (const register of COMMANDS) register(program, context);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

function reportFailure(error: unknown, context: CommandContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_STATUS.held : EXIT_STATUS.badUsage;
  if (error instanceof UsageError) {
    context.stderr.write(`nonceproof: ${error.message}\n`);
    return EXIT_STATUS.badUsage;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  context.stderr.write(`nonceproof: internal error, which says nothing about the target: ${stack}\n`);
  return EXIT_STATUS.internalError;
}
