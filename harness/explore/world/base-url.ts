/** The base URL that simulated worlds hand out. Nobody listens there: what a client sends never leaves its world. */
export const WORLD_BASE_URL = 'http://127.0.0.1:1';
