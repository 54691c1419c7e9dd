/**
 * The base URL that simulated worlds hand out. Nobody listens there: what a client sends never leaves its world.
 * Port 4 is assigned to nobody, and unlike port 1 it is not among those that `fetch` refuses (Fetch standard, bad
 * ports).
 */
export const WORLD_BASE_URL = 'http://127.0.0.1:4';
