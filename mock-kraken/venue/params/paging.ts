import type { RequestParams } from '../../venue-interface.ts';
import { invalidArguments } from '../../kraken-errors.ts';
import { flag, integer, text } from './params.ts';
import { refuse } from '../errors/index.ts';

/** Records in one answer, at most (Kraken's ClosedOrders, TradesHistory and Ledgers pages). */
const pageRecordsMax = 50;

/** How records are placed in time. */
export interface Chronology<R> {
  /** The times of a record of which one must lie between `start` and `end`. */
  readonly timesMs: (record: R) => readonly number[];
  /** What records are ordered by. */
  readonly newestMs: (record: R) => number;
  /** The time of a record by its id: `start` and `end` may be ids. */
  readonly startOf: (id: string) => number | undefined;
}

/** One page, and how many records there are on all of them. */
export interface Page<R> {
  readonly records: readonly R[];
  readonly count: number;
}

/** The page that `start` (exclusive), `end` (inclusive) and `ofs` ask for, newest first. */
export function pageOf<R>(params: RequestParams, records: readonly R[], chronology: Chronology<R>): Page<R> {
  const afterMs = boundOf(params, 'start', chronology) ?? Number.NEGATIVE_INFINITY;
  const untilMs = boundOf(params, 'end', chronology) ?? Number.POSITIVE_INFINITY;
  const offset = integer(params, 'ofs') ?? 0;
  if (offset < 0) refuse(invalidArguments('ofs'));
  const within = records.filter((record) =>
    chronology.timesMs(record).some((atMs) => atMs > afterMs && atMs <= untilMs),
  );
  // Reversed first: the sort is stable, so of two records of one moment the later one comes first.
  const newestFirst = within
    .toReversed()
    .sort((one, other) => chronology.newestMs(other) - chronology.newestMs(one));
  return { records: newestFirst.slice(offset, offset + pageRecordsMax), count: within.length };
}

/** The result with the number of all records, unless `without_count` asks to leave it out. */
export function withCount<T extends object>(
  params: RequestParams,
  result: T,
  count: number,
): T | (T & { count: number }) {
  return flag(params, 'without_count') ? result : { ...result, count };
}

function boundOf<R>(params: RequestParams, name: string, { startOf }: Chronology<R>): number | undefined {
  const written = text(params, name);
  if (written === undefined) return undefined;
  if (/^\d{1,12}(?:\.\d{1,9})?$/.test(written)) return Math.round(Number(written) * 1_000_000) / 1000;
  return startOf(written) ?? refuse(invalidArguments(name));
}
