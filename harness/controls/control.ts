import type { ControlScenario } from './support/index.ts';
import type { RuleId } from '../judge/history/index.ts';

/**
 * A known-bad client. The file that exports it as `control` also exports `createClient`: a control is a client
 * module like any other.
 */
export interface Control {
  /** Kebab-case; equals the file's name. */
  readonly id: string;
  /** What is wrong with it, in half a sentence. */
  readonly defect: string;
  /** Where this defect was found in the wild, or how it comes about. */
  readonly origin: string;
  /** The rule that must fire. */
  readonly rule: RuleId;
  /**
   * Rules that cannot help firing too, each with the reason. What follows from `rule` by definition need not
   * be listed: see `IMPLIED` in `kill-matrix.ts`.
   */
  readonly also?: Readonly<Partial<Record<RuleId, string>>>;
  /** Packages that must be installed for it to run; they are development dependencies. */
  readonly needs?: readonly string[];
  readonly setting?: ControlScenario;
}

/** A correct client, which must raise no alarm. Exported as `reference` beside `createClient`. */
export interface Reference {
  readonly id: string;
  readonly description: string;
  readonly needs?: readonly string[];
  readonly setting?: ControlScenario;
}
