import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CreateClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';

/** A client module of a folder: what it says about itself, and where it is. */
export interface ModuleEntry<Metadata> {
  readonly about: Metadata;
  readonly createClient: CreateClient;
  /** File URL, for the runner of client modules. */
  readonly url: string;
  /** Packages that it needs and that are not installed. Empty: it can run. */
  readonly missing: readonly string[];
}

/** A control, ready to run unless something is missing. */
export type ControlEntry = ModuleEntry<Control>;

/**
 * All controls, in the order of their ids. Adding a control means adding a file: the folder is read. Loads what
 * the files say, creates no client, and imports none of the packages that they need.
 */
export async function loadControls(): Promise<readonly ControlEntry[]> {
  return loadFolder<Control>(new URL('.', import.meta.url), 'control');
}

/** The control with this id; `undefined` when there is none. */
export async function findControl(id: string): Promise<ControlEntry | undefined> {
  return (await loadControls()).find((entry) => entry.about.id === id);
}

/** What a client module says about itself. */
interface About {
  readonly id: string;
  readonly needs?: readonly string[];
}

/**
 * Loads every client module of a folder. A file that does not export both `createClient` and `exportName` is
 * something else and left out.
 * @param exportName - the name under which the modules export what they say about themselves
 */
export async function loadFolder<Metadata extends About>(
  folder: URL,
  exportName: string,
): Promise<readonly ModuleEntry<Metadata>[]> {
  const urls = readdirSync(folder)
    .filter(mayBeClient)
    .sort()
    .map((file) => new URL(file, folder).href);
  const entries = await Promise.all(urls.map((url) => loadEntry<Metadata>(url, exportName)));
  return entries.filter((entry) => entry !== null);
}

const NO_CLIENTS = new Set(['control', 'index', 'kill-matrix', 'registry']);

/** TypeScript from source, JavaScript from a build; not the tests, declarations and maps beside them. */
function mayBeClient(file: string): boolean {
  const [name = '', ...extension] = file.split('.');
  return ['ts', 'js'].includes(extension.join('.')) && !NO_CLIENTS.has(name);
}

async function loadEntry<Metadata extends About>(
  url: string,
  exportName: string,
): Promise<ModuleEntry<Metadata> | null> {
  const exported = (await import(url)) as Record<string, unknown>;
  if (!(exportName in exported) || typeof exported['createClient'] !== 'function') return null;
  const about = exported[exportName] as Metadata;
  const missing = (about.needs ?? []).filter((name) => !isInstalled(name));
  return { about, createClient: exported['createClient'] as CreateClient, url, missing };
}

const { resolve } = createRequire(import.meta.url);

/** A package that is there but has no entry for `require` is installed all the same. */
function isInstalled(name: string): boolean {
  try {
    return resolve(name) !== '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND';
  }
}
