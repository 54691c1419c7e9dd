import type { Reference } from '../control.ts';
import { loadFolder } from '../registry.ts';
import type { ModuleEntry } from '../registry.ts';

/** A reference, ready to run unless something is missing. */
export type ReferenceEntry = ModuleEntry<Reference>;

/** All references, in the order of their ids. Adding a reference means adding a file: the folder is read. */
export async function loadReferences(): Promise<readonly ReferenceEntry[]> {
  return loadFolder<Reference>(new URL('.', import.meta.url), 'reference');
}

/** The reference with this id; `undefined` when there is none. */
export async function findReference(id: string): Promise<ReferenceEntry | undefined> {
  return (await loadReferences()).find((entry) => entry.about.id === id);
}
