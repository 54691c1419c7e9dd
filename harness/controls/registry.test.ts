import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadReferences } from './references/index.ts';
import { RULE_IDS } from '../judge/history/index.ts';
import { QUICK_CONTROLS, QUICK_REFERENCES } from './kill-matrix.ts';
import { findControl, loadControls, loadFolder } from './registry.ts';

const controls = await loadControls();
const references = await loadReferences();

async function folderWith(files: Readonly<Record<string, string>>): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'nonceproof-registry-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return pathToFileURL(`${folder}/`);
}

const MODULE = "export const control = { id: 'x' }; export const createClient = () => ({});";

describe('the registry', () => {
  it.for([...controls, ...references])('finds $about.id in a file of that name', ({ about, url }) => {
    expect(fileURLToPath(url)).toMatch(new RegExp(`/${about.id}\\.[jt]s$`));
  });

  it('finds a control by its id, and nothing by another', async () => {
    expect((await findControl('no-lock'))?.about.rule).toBe('no-overlap');
    expect(await findControl('no-such-control')).toBeUndefined();
  });

  it('takes every client module of a folder, source or build, and nothing else', async () => {
    const folder = await folderWith({
      'package.json': '{ "type": "module" }',
      'x.js': MODULE,
      'x.d.ts': 'export {};',
      'x.test.js': 'throw new Error();',
      'registry.js': 'throw new Error();',
      'helper.js': 'export const help = 1;',
      'notes.md': '',
    });
    const entries = await loadFolder(folder, 'control');
    expect(entries).toMatchObject([{ about: { id: 'x' }, missing: [] }]);
  });

  it('says which packages a module needs and does not have, and still loads it', async () => {
    const needy = MODULE.replace('{ id:', "{ needs: ['no-such-package', 'undici', 'await-lock'], id:");
    const folder = await folderWith({ 'package.json': '{ "type": "module" }', 'x.js': needy });
    expect(await loadFolder(folder, 'control')).toMatchObject([{ missing: ['no-such-package'] }]);
  });
});

describe('the controls', () => {
  it.each(RULE_IDS)('include one that trips %s and, but for what follows from it, only that', (rule) => {
    const own = controls.filter(({ about }) => about.rule === rule && about.also === undefined);
    expect(own.map(({ about }) => about.id)).not.toEqual([]);
  });

  it('of the quick subset need neither a package nor a situation', () => {
    const quick = controls.filter(({ about }) => QUICK_CONTROLS.includes(about.id));
    expect(quick).toHaveLength(QUICK_CONTROLS.length);
    expect(quick.filter(({ about }) => about.needs ?? about.setting?.situations)).toEqual([]);
  });

  it('stand beside quick references that need no package', () => {
    const quick = references.filter(({ about }) => QUICK_REFERENCES.includes(about.id));
    expect(quick).toHaveLength(QUICK_REFERENCES.length);
    expect(quick.filter(({ about }) => about.needs)).toEqual([]);
  });
});

/** It runs from the start of the process, which takes a busy machine longer than its calls do. */
it('no control wishes for a time limit in which it may not even be loaded', () => {
  expect(controls.filter(({ about }) => about.setting?.timeoutS !== undefined)).toEqual([]);
});
