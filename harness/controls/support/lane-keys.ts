import { keyFingerprint } from '../../../src/index.ts';
import type { ClientWorld } from '../../run/targets/index.ts';

/** By what a coordinator knows the lane of each account. */
export function laneKeysOf({ accounts }: ClientWorld): (account: string) => string {
  const laneKeys = new Map(accounts.map(({ account, apiKey }) => [account, keyFingerprint(apiKey)]));
  return (account) => laneKeys.get(account) ?? '';
}
