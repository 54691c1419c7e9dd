/** The one file of this folder that reads the host's clock. */

/** Monotonic milliseconds, the same in every process of this host. */
export function hostMonotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
