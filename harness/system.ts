/** The one file of this folder that reads the host's clocks. */

/** Monotonic milliseconds, the same in every process of this host. */
export function hostMonotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Milliseconds since 1970. */
export function hostWallMs(): number {
  return Date.now();
}
