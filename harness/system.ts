/** The one file of this folder that reads the host's clocks, and what the host is. */

/** Monotonic milliseconds, the same in every process of this host. */
export function hostMonotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Milliseconds since 1970. */
export function hostWallMs(): number {
  return Date.now();
}

/** The program and the machine that this runs on. */
export interface HostFacts {
  /** Version of Node.js, as it says it: `v24.3.0`. */
  readonly node: string;
  /** Operating system and architecture: `linux x64`. */
  readonly platform: string;
}

/** Names this program and machine. */
export function hostFacts(): HostFacts {
  return { node: process.version, platform: `${process.platform} ${process.arch}` };
}
