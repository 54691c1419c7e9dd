import { lowerBound } from './calls.ts';
import type { AccountRow, Calls } from './calls.ts';

/** More calls of one account at a time than this share the last track. */
const TRACKS_MAX = 6;
const TRACK_PX = 13;
const GAP_PX = 7;

/** Where each account's row is, and which track of it each call takes. Pixels from the top of the first row. */
export interface RowLayout {
  /** One more than there are rows: the last is the total height. */
  readonly topPx: Float64Array;
  /** For each call. */
  readonly track: Uint8Array;
  readonly trackPx: number;
}

/** Calls of one account that are in service together get tracks of their own, one below the other. */
export function layOutRows(calls: Calls): RowLayout {
  const track = new Uint8Array(calls.count);
  const topPx = new Float64Array(calls.rows.length + 1);
  for (const [index, row] of calls.rows.entries()) {
    const tracks = assignTracks(row, calls, track);
    topPx[index + 1] = (topPx[index] ?? 0) + GAP_PX + tracks * TRACK_PX;
  }
  return { topPx, track, trackPx: TRACK_PX };
}

/** First fit; returns how many tracks the row has. */
function assignTracks(row: AccountRow, { arrivedNs, departedNs }: Calls, track: Uint8Array): number {
  const freeFromNs = [-Infinity];
  for (const call of row.calls) {
    const arrival = arrivedNs[call] ?? 0;
    const free = freeFromNs.findIndex((ns) => ns <= arrival);
    const chosen = free >= 0 ? free : Math.min(freeFromNs.length, TRACKS_MAX - 1);
    freeFromNs[chosen] = departedNs[call] ?? Infinity;
    track[call] = chosen;
  }
  return freeFromNs.length;
}

/** The row at a height, -1 above the first and below the last. */
export function rowAt({ topPx }: RowLayout, yPx: number): number {
  const total = topPx[topPx.length - 1] ?? 0;
  if (yPx < 0 || yPx >= total) return -1;
  const next = lowerBound(topPx, yPx);
  return topPx[next] === yPx ? next : next - 1;
}

/** The upper edge of a call's bar. */
export function barTopPx({ topPx, track, trackPx }: RowLayout, call: number, account: number): number {
  return (topPx[account] ?? 0) + GAP_PX / 2 + (track[call] ?? 0) * trackPx;
}
