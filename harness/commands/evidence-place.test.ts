import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { fileMode, openEvidenceFile, openEvidenceFolder, writeEvidence } from './evidence-place.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'evidence-'));
});
afterEach(() => rmSync(place, { recursive: true }));

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

const at = (name: string, mode = 0o600): { path: string; named: string; mode: number } => ({
  path: join(place, name),
  named: name,
  mode,
});

describe('the mode of evidence', () => {
  it.each([
    ['600', 0o600],
    ['640', 0o640],
    ['0644', 0o644],
    ['0o666', 0o666],
  ])('is read in octal: %s', (text, mode) => expect(fileMode(text)).toBe(mode));

  it.each(['', '0', '400', '200', '755', '700', '888', '1777', '6000', '-600', 'rw-------', '384 '])(
    'is refused: %j',
    (text) => expect(() => fileMode(text)).toThrow(InvalidArgumentError),
  );
});

describe.runIf(process.platform !== 'win32')('a place for evidence (modes are of POSIX)', () => {
  it.each([
    [0o600, 0o700],
    [0o640, 0o750],
    [0o666, 0o777],
  ])('gives its files mode %o and the folders that it makes %o, whatever the umask', async (mode, folder) => {
    const before = process.umask(0o027);
    try {
      await openEvidenceFolder(at('a/b', mode));
      await writeEvidence(join(place, 'a/b/file'), 'text', mode);
    } finally {
      process.umask(before);
    }
    expect([modeOf(join(place, 'a')), modeOf(join(place, 'a/b'))]).toEqual([folder, folder]);
    expect(modeOf(join(place, 'a/b/file'))).toBe(mode);
  });

  it('leaves the mode of a folder that was there, and takes that of an older file away', async () => {
    chmodSync(place, 0o755);
    writeFileSync(join(place, 'file'), 'old', { mode: 0o644 });
    await openEvidenceFolder({ path: place, named: '.', mode: 0o600 });
    await writeEvidence(join(place, 'file'), 'new', 0o600);
    expect([modeOf(place), modeOf(join(place, 'file'))]).toEqual([0o755, 0o600]);
    expect(readFileSync(join(place, 'file'), 'utf8')).toBe('new');
  });

  it('follows no link and opens no pipe in the place of a file, and leaves nothing beside it', async () => {
    writeFileSync(join(place, 'precious'), 'kept');
    symlinkSync(join(place, 'precious'), join(place, 'link'));
    linkSync(join(place, 'precious'), join(place, 'hard-link'));
    execFileSync('mkfifo', [join(place, 'pipe')]);
    for (const name of ['link', 'hard-link', 'pipe']) {
      await writeEvidence(join(place, name), 'evidence', 0o600);
      expect(readFileSync(join(place, name), 'utf8')).toBe('evidence');
    }
    expect(readFileSync(join(place, 'precious'), 'utf8')).toBe('kept');
    expect(readdirSync(place).sort()).toEqual(['hard-link', 'link', 'pipe', 'precious']);
  });

  it('leaves nothing behind where a file cannot be written', async () => {
    mkdirSync(join(place, 'file'));
    await expect(writeEvidence(join(place, 'file'), 'text', 0o600)).rejects.toThrow();
    expect(readdirSync(place)).toEqual(['file']);
  });

  const refusing = { folder: openEvidenceFolder, file: openEvidenceFile };
  it.each(Object.entries(refusing))('is refused when it is a link: a %s', async (_, open) => {
    symlinkSync(join(place, 'elsewhere'), join(place, 'link'));
    await expect(open(at('link'))).rejects.toThrow(UsageError);
    await expect(open(at('link'))).rejects.toThrow(
      /^Failed to write to link: it is a link, .* name another place/,
    );
    expect(existsSync(join(place, 'elsewhere'))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0).each(Object.entries(refusing))(
    'is refused when it is another user’s: a %s (needs root)',
    async (kind, open) => {
      if (kind === 'folder') mkdirSync(join(place, 'theirs'));
      else writeFileSync(join(place, 'theirs'), '');
      chownSync(join(place, 'theirs'), 65_534, 65_534);
      await expect(open(at('theirs'))).rejects.toThrow(/it belongs to another user \(65534\)/);
    },
  );

  it('is refused when a file is to be written where there is none', async () => {
    execFileSync('mkfifo', [join(place, 'pipe')]);
    mkdirSync(join(place, 'folder'));
    for (const name of ['pipe', 'folder'])
      await expect(openEvidenceFile(at(name))).rejects.toThrow(/it is no file/);
  });
});
