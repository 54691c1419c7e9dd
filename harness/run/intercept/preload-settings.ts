/** The variable through which the preload is told what to do; JSON of {@link PreloadSettings}. */
export const PRELOAD_SETTINGS = 'NONCEPROOF_INTERCEPT';

/** What the preload needs to know. */
export interface PreloadSettings {
  /** The TLS door, on 127.0.0.1. */
  readonly doorPort: number;
  /** File of the run's authority. PEM. */
  readonly authorityFile: string;
  readonly allowNet: boolean;
  /** Refused connections are appended to this file, one JSON object a line. */
  readonly refusedFile: string;
  /** Variables of the environment that every process and thread of the target must have. */
  readonly inherited: Readonly<Record<string, string>>;
}
