/**
 * Schedules that are replayed before any other, always: a line each of a token, what to expect of it (a rule that
 * it breaks, or `held`), and after `#` what it is about.
 */
export const SEED_CORPUS: string = `
`;
