/**
 * What a team would otherwise repeat on the command line of `nonceproof verify`, in `nonceproof.config.ts` (or
 * `.mts`, `.js`, `.mjs`, `.json`) in the folder it is started from. Each field is the option of its name, with
 * the same meaning, bounds and default; what is said on the command line goes before what stands here. An option
 * that has no field here may be given all the same, by its name in camel case.
 */
export interface NonceproofConfig {
  /** The program to verify and its arguments, e.g. `['python3', 'bot.py']`. */
  readonly command?: readonly string[];
  /** A client module to verify instead of a program. */
  readonly target?: string;
  readonly users?: number;
  readonly calls?: number;
  readonly scope?: 'global' | 'key';
  /** Milliseconds. */
  readonly serviceMs?: number;
  readonly processes?: number;
  readonly perAccount?: boolean;
  readonly allowNet?: boolean;
  readonly faults?: string;
  readonly strict?: boolean;
  readonly seed?: number;
  /** Seconds. */
  readonly timeout?: number;
  /** A folder, from the one that nonceproof is started in. */
  readonly out?: string;
  /** Who may read and write the evidence, in octal: `'600'`, this user alone, unless it is given. */
  readonly outMode?: string;
  /** A file, likewise. */
  readonly junit?: string;
  readonly [option: string]: unknown;
}

/** Returns the configuration as it is, so that an editor checks and completes it. */
export function defineConfig(config: NonceproofConfig): NonceproofConfig {
  return config;
}
