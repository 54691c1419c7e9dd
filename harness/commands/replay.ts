import { targetNamed, moduleFileTarget } from '../explore/index.ts';
import { historyText } from '../explore/index.ts';
import { replay } from '../explore/index.ts';
import { formatReplay } from '../explore/index.ts';
import { credentialsIn } from '../explore/world/index.ts';
import { decodeToken } from '../explore/token/index.ts';
import { createRedactor } from '../redaction/index.ts';
import { colorsFor } from '../reports/index.ts';
import { forJson } from '../reports/content/index.ts';
import { EXIT_STATUS } from '../judge/verdict/index.ts';
import type { CommandContext, RegisterCommand } from './command.ts';

interface ReplayOptions {
  readonly target?: string;
  readonly history?: boolean;
  readonly json?: boolean;
}

/** `nonceproof replay TOKEN`: one schedule of an exploration once more. */
export const registerReplay: RegisterCommand = (program, context) => {
  program
    .command('replay')
    .description('run the schedule of a token once more, tell what happens, and judge it')
    .argument('<token>', 'as printed by nonceproof explore')
    .option('--target <file>', 'another client module than the one that the token names')
    .option('--history', 'print the history, a line a call, and nothing else')
    .option('--json', 'print the report as JSON and nothing else')
    .action((token: string, options: ReplayOptions) => replayCommand({ text: token, options, context }));
};

async function replayCommand(invocation: {
  readonly text: string;
  readonly options: ReplayOptions;
  readonly context: CommandContext;
}): Promise<void> {
  const { text, options, context } = invocation;
  const { cwd, stdout, env } = context;
  const token = decodeToken(text);
  const target =
    options.target === undefined
      ? await targetNamed(token.target, cwd)
      : moduleFileTarget(options.target, cwd);
  const report = await replay(token, target);
  const { redact } = createRedactor(credentialsIn(token.setting));
  const { history: _history, ...rest } = report;
  if (options.history === true) stdout.write(redact(historyText(report.history)));
  else if (options.json === true) stdout.write(redact(`${forJson(rest, 2)}\n`));
  else stdout.write(redact(formatReplay(token, report, colorsFor({ isTTY: stdout.isTTY === true, env }))));
  context.setExitStatus(EXIT_STATUS[report.verdict.verdict]);
}
