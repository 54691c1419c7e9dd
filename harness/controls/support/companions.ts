import type { RuleId } from '../../judge/history/index.ts';

/** Rules that fire beside a control's own, each with the reason why it cannot help it. */
export type Companions = Readonly<Partial<Record<RuleId, string>>>;

const OVERTAKING =
  'calls that are on the way together overtake each other, so their nonces arrive out of order';

/** Companions of a client that lets calls of one key fly together; order across keys goes with it. */
export const OVERTAKING_ON_A_KEY: Companions = { 'nonce-increasing': OVERTAKING };

/** Companions of a client with a queue for each account: a call waits in one while the others go on. */
export const SEPARATE_QUEUES: Companions = {
  'nonce-global-order': OVERTAKING,
  'no-starvation': 'queues that know nothing of each other move at different speeds',
};
