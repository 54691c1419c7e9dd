export { detectProject } from './detect-project.ts';
export { defineConfig } from './nonceproof-config.ts';
export type { NonceproofConfig } from './nonceproof-config.ts';
export { starterFiles } from './starter-files.ts';
export { withConfig } from './with-config.ts';
