import type { CommandContext } from './command.ts';

/** A line that says how far things are. */
export interface Progress {
  /** Replaces the line. Does nothing where nobody watches. */
  show(text: string): void;
  clear(): void;
}

const CLEAR_LINE = '\r\u001b[2K';

/**
 * A live line on standard error when that is a terminal; nothing otherwise, so that logs stay readable.
 * @param context - `null`: quiet
 */
export function createProgress(context: CommandContext | null): Progress {
  const isLive = context?.stderr.isTTY === true;
  const write = (text: string): void => {
    if (isLive) context.stderr.write(text);
  };
  return {
    show: (text) => write(`${CLEAR_LINE}${text}`),
    clear: () => write(CLEAR_LINE),
  };
}
