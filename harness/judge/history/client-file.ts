import { z } from 'zod';
import { count } from '../../format.ts';
import type { ClientCall } from './client-call.ts';
import { forEachLine } from './lines.ts';
import { parseLine } from './parse-line.ts';

const CLIENT_LINE = z.object({
  tag: z.string(),
  account: z.string(),
  method: z.string(),
  askedMs: z.number(),
  settledMs: z.number().nullable(),
  outcome: z.enum(['succeeded', 'failed', 'unsettled']),
  error: z.string().nullable(),
  toldOutcome: z.enum(['not-executed', 'unknown']).optional(),
  txids: z.array(z.string()),
  toldCount: z.number().optional(),
});

/** What became of a `client.ndjson`. */
export interface ClientFileReading {
  /** One for each tag, in the order of asking. */
  readonly calls: readonly ClientCall[];
  /** What is wrong with the file, in sentences; empty for a whole one. */
  readonly defects: readonly string[];
}

/**
 * Reads `client.ndjson`, in which each call stands once when it was asked for and once when it settled; the last
 * line of a tag counts, the first gives its place. A client that is killed may leave half a line behind.
 */
export async function readClientFile(chunks: AsyncIterable<Uint8Array | string>): Promise<ClientFileReading> {
  const callOfTag = new Map<string, ClientCall>();
  const unreadable: string[] = [];
  await forEachLine(chunks, (line, lineNumber) => {
    if (line === '') return;
    const parsed = parseLine<ClientCall>(line, CLIENT_LINE);
    if ('value' in parsed) callOfTag.set(parsed.value.tag, parsed.value);
    else unreadable.push(`line ${lineNumber} (${parsed.reason})`);
  });
  return { calls: [...callOfTag.values()], defects: explain(unreadable) };
}

function explain(unreadable: readonly string[]): readonly string[] {
  const [first] = unreadable;
  if (first === undefined) return [];
  return [
    `${count(unreadable.length, 'line')} of what the client was told could not be read: first ${first}.`,
  ];
}

/** Writes one call as a line of `client.ndjson`, with its line end. */
export function formatClientLine(call: ClientCall): string {
  return `${JSON.stringify(call)}\n`;
}
