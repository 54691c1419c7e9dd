import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeFingerprint } from './fingerprint.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  write('client.mjs', "import lock from 'lock';\nimport '@scope/queue/deep.js';\nimport './part.mjs';\n");
  write('part.mjs', "const later = await import('late');\n");
  for (const name of ['lock', '@scope/queue', 'late', 'unused']) packageOf(name, '1.0.0');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function packageOf(name: string, version: string): void {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version }));
}

function fingerprint(): string {
  return codeFingerprint(pathToFileURL(join(folder, 'client.mjs')).href);
}

describe('the fingerprint of the code', () => {
  test('is eight hex digits, and the same for the same code', () => {
    expect(fingerprint()).toMatch(/^[0-9a-f]{8}$/);
    expect(fingerprint()).toBe(fingerprint());
  });

  test.each(['lock', '@scope/queue', 'late'])('changes with the version of the package %s', (name) => {
    const before = fingerprint();
    packageOf(name, '1.0.1');
    expect(fingerprint()).not.toBe(before);
    packageOf(name, '1.0.0');
    expect(fingerprint()).toBe(before);
  });

  test('changes with a file that the module imports, and not with what it does not', () => {
    const before = fingerprint();
    packageOf('unused', '2.0.0');
    write('other.mjs', 'export {};');
    expect(fingerprint()).toBe(before);
    write('part.mjs', "const later = await import('late'); // changed\n");
    expect(fingerprint()).not.toBe(before);
  });

  test('of no target is that of the toolkit alone', () => {
    expect(codeFingerprint(null)).not.toBe(fingerprint());
  });
});
