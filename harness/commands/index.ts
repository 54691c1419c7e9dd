export type { CommandContext, RegisterCommand, TextSink } from './command.ts';
export { environmentRedactor, withRedactedOutput } from './redacted-output.ts';
export { COMMANDS } from './verbs.ts';
