import type { Strategy } from './strategy.ts';

/** Each possible event with the same probability. What fast-check's scheduler does. */
export const uniform: Strategy = {
  name: 'uniform',
  plan: ({ random }) => ({ pick: (options) => Math.floor(random() * options.length) }),
};
