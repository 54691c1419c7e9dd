import { z } from 'zod';
import type { LaneScope } from '../../../src/index.ts';
import { formatTraceEnd, TRACE_END } from './trace-end.ts';
import type { TraceEnd } from './trace-end.ts';
import { TRACE_LINE } from './trace-line.ts';

/** The version of the trace format that this nonceproof writes, and the latest that it reads. */
export const TRACE_VERSION = 1;

/** The state of the files that a run was made with, as Git tells it. */
export interface SourceState {
  /** The commit that is checked out, in hexadecimal. */
  readonly commit: string;
  /** Whether a file differs from the commit, or is in none; absent where Git did not say so in time. */
  readonly dirty?: boolean | undefined;
}

/** The first line of a sealed trace: what was recorded. Holds no secret, signature or API key. */
export interface TraceHeader {
  /** Of the format of the file. */
  readonly version: number;
  /** Version of the nonceproof that wrote it. */
  readonly nonceproof: string;
  /** The command of nonceproof that wrote it. */
  readonly command: string;
  /** What was run, as its reports name it. */
  readonly target: string;
  /** When the exchange started, in ISO 8601: the moment from which the times of all records count. */
  readonly startedAt: string;
  /** Accounts that the exchange opened. */
  readonly accounts: number;
  /** How the exchange laned calls. */
  readonly scope: LaneScope;
  readonly seed: number;
  /** Everything else that the run was set up with, by name. */
  readonly scenario: Readonly<Record<string, unknown>>;
  /** Version of Node.js that recorded it. */
  readonly node?: string | undefined;
  /** Operating system and architecture that it was recorded on: `linux x64`. */
  readonly platform?: string | undefined;
  /** Of the target's folder, when the run began; absent where that is in no Git repository. */
  readonly source?: SourceState | undefined;
}

/** The last line of a sealed trace. */
export interface TraceFooter {
  /** How many records stand between header and footer. */
  readonly records: number;
  /** Absent where no target was started: in the trace of a mock that ran by itself. */
  readonly end?: TraceEnd | undefined;
  /**
   * SHA-256 over the bytes of all lines before this one, line ends included, and of `end` as it stands here; in
   * hexadecimal.
   */
  readonly sha256: string;
}

/** A {@link SourceState}. */
export const SOURCE_STATE: z.ZodType<SourceState> = z
  .object({
    commit: z.string().regex(/^[0-9a-f]{40,64}$/, 'expected 40 to 64 hexadecimal digits'),
    dirty: z.boolean().optional().describe('a file differed from the commit, or was in none'),
  })
  .describe("the target's folder, as Git told of it when the run began");

/** The line of a {@link TraceHeader}. Fields that are not named here are allowed and ignored. */
export const HEADER_LINE: z.ZodType<{ readonly header: TraceHeader }> = z
  .object({
    header: z.object({
      version: z.int().min(1).describe(`of this format; now ${TRACE_VERSION}`),
      nonceproof: z.string().describe('version of the nonceproof that wrote the file'),
      command: z.string().describe('the command of nonceproof that wrote it: verify, mock'),
      target: z.string().describe('what was run'),
      startedAt: z.iso
        .datetime()
        .describe('when the exchange started: arrivedNs and the like count from there'),
      accounts: z.int().min(0).describe('accounts that the exchange opened'),
      scope: z.enum(['global', 'key']).describe('how the exchange laned calls'),
      seed: z.number(),
      scenario: z.record(z.string(), z.unknown()).describe('everything else that the run was set up with'),
      node: z.string().optional().describe('version of Node.js that recorded it'),
      platform: z.string().optional().describe('operating system and architecture'),
      source: SOURCE_STATE.optional(),
    }),
  })
  .describe('The first line of a sealed trace');

/** The line of a {@link TraceFooter}. */
export const FOOTER_LINE: z.ZodType<{ readonly footer: TraceFooter }> = z
  .object({
    footer: z.object({
      records: z.int().min(0).describe('lines between header and footer'),
      end: TRACE_END.optional(),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
        .describe(
          'over the bytes of all lines before this one, line ends included, and of end as it stands here',
        ),
    }),
  })
  .describe('The last line of a sealed trace');

/** Writes the first line of a sealed trace, with its line end. */
export function formatHeaderLine(header: TraceHeader): string {
  return `${JSON.stringify({ header })}\n`;
}

/** Writes the last line of a sealed trace, with its line end. */
export function formatFooterLine({ records, end, sha256 }: TraceFooter): string {
  const told = end === undefined ? '' : `"end":${formatTraceEnd(end)},`;
  return `{"footer":{"records":${records},${told}"sha256":"${sha256}"}}\n`;
}

/** Any line of a trace. `trace.schema.json` is this as a JSON Schema. */
export const ANY_TRACE_LINE: z.ZodType = z
  .union([TRACE_LINE, HEADER_LINE, FOOTER_LINE])
  .describe(
    'A line of trace.ndjson: one private call as an exchange saw it, in arrival order. A sealed trace has a header before them and a footer after them.',
  );
