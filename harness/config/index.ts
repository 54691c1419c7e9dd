export { defineConfig } from './nonceproof-config.ts';
export type { NonceproofConfig } from './nonceproof-config.ts';
export { exploreProject } from './project.ts';
export type { Project } from './project.ts';
export { starterFiles } from './starter-files.ts';
export type { StarterFile } from './starter-files.ts';
export { withConfig } from './with-config.ts';
