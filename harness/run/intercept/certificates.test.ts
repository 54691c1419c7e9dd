import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates } from './certificates.ts';
import type { Certificates } from './certificates.ts';
import { javaTrustStore } from './java-trust-store.ts';
import { trustBundle } from './trust-bundle.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);

let made: Certificates;
let authority: X509Certificate;
let certificate: X509Certificate;
beforeAll(async () => {
  made = await createCertificates(NOW_MS);
  authority = new X509Certificate(made.authority);
  certificate = new X509Certificate(made.certificate);
});

describe('certificates of a run', () => {
  it('vouch for Kraken’s API host and nothing else', () => {
    expect(certificate.subjectAltName).toBe('DNS:api.kraken.com');
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(made.privateKey))).toBe(true);
  });

  it('come from an authority that is none for long, and whose key is nowhere', async () => {
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(new Date(authority.validTo).getTime() - NOW_MS).toBe(86_400_000);
    expect(authority.checkPrivateKey(createPrivateKey(made.privateKey))).toBe(false);
    const another = new X509Certificate((await createCertificates(NOW_MS)).authority);
    expect(certificate.verify(another.publicKey)).toBe(false);
  });
});

describe('what a target is told to trust', () => {
  it('is the run’s authority alone, beside what its environment trusted', () => {
    expect(trustBundle({ authority: made.authority, allowNet: false, alreadyTrusted: [] })).toEqual([
      made.authority.trim(),
    ]);
    const own = `a comment\n${made.certificate}\nanother\n`;
    expect(trustBundle({ authority: made.authority, allowNet: false, alreadyTrusted: [own, own] })).toEqual([
      made.authority.trim(),
      made.certificate.trim(),
    ]);
  });

  it('is the world’s authorities as well where the world may be reached', () => {
    const bundle = trustBundle({ authority: made.authority, allowNet: true, alreadyTrusted: [] });
    expect(bundle.length).toBeGreaterThan(50);
  });

  const hasKeytool = spawnSync('keytool', ['-help'], { stdio: 'ignore' }).error === undefined;
  it.runIf(hasKeytool)('can be read by Java (needs keytool)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'java-trust-'));
    const file = join(folder, 'trust.jks');
    writeFileSync(file, javaTrustStore([made.authority, made.certificate]));
    const listed = execFileSync(
      'keytool',
      ['-list', '-keystore', file, '-storetype', 'JKS', '-storepass', ''],
      {
        encoding: 'utf8',
        input: '\n',
      },
    );
    rmSync(folder, { recursive: true });
    expect(listed).toContain('2 entries');
    expect(listed).toContain(authority.fingerprint256);
  });
});
