/** The colours of the page's style sheet, for canvases, which cannot read it themselves. */
export interface Theme {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly stripe: string;
  readonly accent: string;
  readonly bad: string;
  readonly overlap: string;
  /** By index of `RunData.outcomes`. */
  readonly outcomes: readonly string[];
}

/** Reads the colours that hold now. */
export function readTheme(outcomes: readonly string[]): Theme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: color('ink'),
    quiet: color('quiet'),
    line: color('line'),
    stripe: color('stripe'),
    accent: color('accent'),
    bad: color('bad'),
    overlap: color('overlap'),
    outcomes: outcomes.map(color),
  };
}

/** Tells when the reader changes between light and dark. */
export function onThemeChange(listener: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', listener);
}
