import type { Command } from 'commander';

/** Where text goes. Node's streams are such. */
export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** What a command may take from the process it runs in. */
export interface CommandContext {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The user wants it to end now (Ctrl-C), or it has to; the reason is an `Interruption`. */
  readonly signal?: AbortSignal;
  /** Called by a command whose normal end is an interrupt, which is then no reason for a status of its own. */
  expectInterrupt?(): void;
  /** The process ends with this status once its work is over. */
  setExitStatus(status: number): void;
}

/** Each file of this folder that holds a command exports such a function, which adds its subcommand. */
export type RegisterCommand = (program: Command, context: CommandContext) => void;
