import type { CoordinatorName } from '../run/coordination/index.ts';
import type { FaultsName } from '../run/index.ts';

/** What the command line says, as commander hands it over. Absent: not said. */
export interface VerifyOptions {
  readonly users?: number;
  readonly calls?: number;
  readonly scope?: 'global' | 'key';
  readonly serviceMs?: number;
  readonly processes?: number;
  readonly threads?: number;
  readonly coordinator?: CoordinatorName;
  readonly nemesis?: string;
  readonly perAccount?: boolean;
  readonly allowNet?: boolean;
  readonly seed?: number;
  readonly strict?: boolean;
  readonly timeout?: number;
  readonly faults?: FaultsName;
  readonly faultPlan?: string;
  readonly out: string;
  /** Of the files of evidence: `0o600`. */
  readonly outMode?: number;
  readonly junit?: string;
  readonly json?: boolean;
  readonly tap?: boolean;
  readonly control?: string;
  readonly target?: string;
}
