import picocolors from 'picocolors';

/** How text is emphasised; picocolors has this shape. */
export interface Colors {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** What decides whether there are colours. */
export interface ColorSetting {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colours on a terminal, none elsewhere; `NO_COLOR` and `FORCE_COLOR` overrule (no-color.org, force-color.org). */
export function colorsFor({ isTTY, env }: ColorSetting): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return picocolors.createColors(false);
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return picocolors.createColors(forced || (isTTY && TERM !== 'dumb'));
}

/** No emphasis at all, for a file or a pipe. */
export const PLAIN: Colors = picocolors.createColors(false);
