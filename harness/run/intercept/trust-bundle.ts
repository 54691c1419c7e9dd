import { rootCertificates } from 'node:tls';

/** What the target may trust. */
export interface TrustOptions {
  /** PEM of the run's authority. */
  readonly authority: string;
  /** Other hosts may be reached, and then their certificates must be checked as always. */
  readonly allowNet: boolean;
  /** PEM files that the environment named as trusted. */
  readonly alreadyTrusted: readonly string[];
}

/**
 * Certificates for the variables that *replace* a program's own trust: the run's authority first, then what the
 * environment trusted beside the system's, and the world's authorities only where the world may be reached.
 */
export function trustBundle({ authority, allowNet, alreadyTrusted }: TrustOptions): readonly string[] {
  const others = alreadyTrusted.flatMap((pem) => pem.match(CERTIFICATE) ?? []);
  return [...new Set([authority, ...others, ...(allowNet ? rootCertificates : [])].map((pem) => pem.trim()))];
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
