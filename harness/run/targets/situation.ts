/**
 * What must happen in a run, beyond its workload, for a defect to show. A run without it would acquit the
 * control, so such a control is left out where the situation cannot be brought about.
 *
 * - `call-fails`: a call fails, in the client's eyes, while others wait behind it; the first of all and some of
 *   the later ones. Whether it executed does not matter.
 * - `reply-lost`: the exchange accepts an AddOrder (a batch, a withdrawal, a transfer), and its reply never reaches the client: the connection is
 *   dropped, or stays silent until the client gives up.
 * - `delivered-twice`: a middlebox delivers an AddOrder twice, and the client reads the second reply.
 * - `arrives-late`: an AddOrder is on its way for three seconds. Its key needs a nonce window, or it arrives for nothing.
 * - `abort-queued`: the caller aborts a call, by `CallOptions.signal`, while it waits for its turn.
 * - `account-limit`: two AddOrders are refused for a rate limit, while calls of other accounts wait.
 * - `restart`: the client is abandoned and made anew over the same keys, the wall clock having been set back by
 *   more than the first one lived.
 */
export type Situation =
  | 'call-fails'
  | 'reply-lost'
  | 'delivered-twice'
  | 'arrives-late'
  | 'abort-queued'
  | 'account-limit'
  | 'restart';
