export { findReference, loadReferences } from './registry.ts';
export type { ReferenceEntry } from './registry.ts';
