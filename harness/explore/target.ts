import type { CreateClient } from '../run/targets/index.ts';

/** A client module that is to be explored. */
export interface ExploreTarget {
  /** How a token names it: `built-in`, the id of a control or a reference, or a path. */
  readonly name: string;
  /** How a person names it. */
  readonly title: string;
  /** File URL of the module: what its code is, for the fingerprint in a token. `null`: not known. */
  readonly url: string | null;
  /**
   * Loads it. Called with the globals already replaced, so that a module which takes `setTimeout` or `Date.now`
   * for itself while it is loaded takes the world's.
   */
  readonly load: () => Promise<CreateClient>;
}

/** A target that is loaded already. */
export function loadedTarget(
  name: string,
  createClient: CreateClient,
  url: string | null = null,
): ExploreTarget {
  return { name, title: name, url, load: () => Promise.resolve(createClient) };
}
