import { readFileSync } from 'node:fs';

/** Which parts of an output {@link normalise} replaces. */
export interface NormaliseOptions {
  /** The folder that the command ran in; shown as `<folder>`. */
  readonly folder?: string;
  /**
   * Set for output of simulated time or recorded files: durations, nonces and dates are exact there and stay. Only
   * what differs between machines and versions is replaced. Default `false`.
   */
  readonly isExact?: boolean;
}

type Replacement = readonly [pattern: RegExp | string, replacement: string];

const ROOT = process.cwd();
const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { readonly version: string };

/** Differs between machines, checkouts, versions and runs, whatever is run. Longer paths stand first. */
const MACHINE: readonly Replacement[] = [
  [process.execPath, '<node>'],
  [/(?:file:\/\/)?<project>\/node_modules\/\.cache\/nonceproof-tests\/\d+/g, '<project>'],
  [process.version, '<node version>'],
  [`${process.platform} ${process.arch}`, '<platform>'],
  [/\b(127\.0\.0\.1|localhost):\d+/g, '$1:<port>'],
  [/\b\d[\d,.]* (?:ns|µs|ms|s|min|h) \(\d[\d,.]*\/s\)/g, '<duration> (<rate>)'],
  [/("(?:elapsed|shrink)Ms": )[\d.]+/g, '$1"<measured>"'],
  // A token names the code that made it, which any change of any file changes.
  [/\bnp1_[\w-]{20,}/g, '<token>'],
  [/(?<![\w+/])[\w+/]{86}==/g, '<api secret>'],
  [/(?<![\w+/])[A-Za-z\d+/]{56}(?![\w+/=])/g, '<api key>'],
  [/\btoken [\w-]{20,}/g, 'token <secret>'],
  [/("token": ?")[\w-]{20,}"/g, '$1<secret>"'],
];

/** Measured by a clock, or drawn from one. */
const MEASURED: readonly Replacement[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<date>'],
  [/\b[0-9a-f]{64}\b/g, '<hash>'],
  [/\btrace [0-9a-f]{16}\b/g, 'trace <hash>'],
  [/(?<!\()\b\d[\d,.]*\/s\b/g, '<rate>'],
  [/\b\d{16,20}\b/g, '<nonce>'],
  [/\b1[7-9]\d{8}\b/g, '<unix seconds>'],
  [/\(\d[\d,.]* calls\/s\)/g, '(<rate>)'],
  // Markdown escapes a dot that would begin a list: `1&#46;2 s`.
  [/\b\d(?:[\d,.]|&#46;)* (ns|µs|ms|s|min|h)\b/g, '<duration>'],
  [/\btime="[\d.]+"/g, 'time="<duration>"'],
  [/("\w*(?:Ms|Ns|At|PerSecond|Pid|Port)": )(?:-?[\d.]+|"[^"]*")/g, '$1"<measured>"'],
];

/**
 * Replaces what a run measured or drew, and what belongs to this machine, by its name in angle brackets, so that
 * two outputs of the same program are equal. A figure that is new in an output gets its row in the tables above.
 */
export function normalise(text: string, { folder, isExact = false }: NormaliseOptions = {}): string {
  const places: readonly Replacement[] = [
    ...(folder === undefined ? [] : [[folder, '<folder>'] as const]),
    [ROOT, '<project>'],
  ];
  const rows = [...places, ...MACHINE, ...(isExact ? [] : MEASURED)];
  const replaced = rows.reduce((rest, [pattern, name]) => rest.replaceAll(pattern, name), text);
  return withoutVersion(replaced);
}

/** Only as a word of its own: `0.1.0` is also the beginning of `0.1.05`. */
function withoutVersion(text: string): string {
  const literal = version.replaceAll('.', String.raw`\.`);
  return text.replaceAll(new RegExp(String.raw`(?<![\d.])${literal}(?![\d.]*\d)`, 'g'), '<version>');
}
