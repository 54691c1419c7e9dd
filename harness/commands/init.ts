import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { detectProject, starterFiles } from './config/index.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';
import type { CommandContext, RegisterCommand } from './command.ts';

interface InitOptions {
  readonly force?: boolean;
}

/** `nonceproof init`: writes a configuration and a workflow for GitHub Actions, and asks nothing. */
export const registerInit: RegisterCommand = (program, context) => {
  program
    .command('init')
    .description('write nonceproof.config and a GitHub Actions workflow for the project in this folder')
    .argument('[command...]', 'the program to verify, after --; default: what the folder looks like')
    .option('--force', 'write over files that are there')
    .action((command: string[], options: InitOptions) => init(command, options, context));
};

async function init(
  command: readonly string[],
  options: InitOptions,
  context: CommandContext,
): Promise<void> {
  const { cwd, stdout } = context;
  const project = detectProject(cwd);
  const chosen = command.length > 0 ? command : project.command;
  if (chosen === null) {
    throw new UsageError(
      'Failed to find the bot: nothing in this folder is called like one. Say how it is started: nonceproof init -- python3 src/bot.py',
    );
  }
  const files = starterFiles({ project, command: chosen, version });
  const there = files.filter(({ name }) => existsSync(join(cwd, name)));
  if (there.length > 0 && options.force !== true) {
    const names = there.map(({ name }) => name).join(' and ');
    throw new UsageError(
      `Failed to write ${names}: already there. Remove it, or write over it with --force.`,
    );
  }
  const because = command.length > 0 ? '' : ` (${project.because})`;
  stdout.write(`the bot    ${chosen.join(' ')}${because}\n`);
  for (const { name, text } of files) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), text);
    stdout.write(`written    ${name}\n`);
  }
  stdout.write('try it     nonceproof verify\n');
  context.setExitStatus(0);
}
