import type { RuleId } from '../history/index.ts';
import type { RuleVerdict } from './verdict.ts';

const LUCK =
  'The nonces rose all the same, by luck: calls that are under way together arrive in the order the network likes.';

/** Says so at `no-overlap` when calls overlapped and yet the nonces rose. */
export function nonceLuck(rules: readonly RuleVerdict[]): readonly RuleVerdict[] {
  const isStatus = (id: RuleId, status: RuleVerdict['status']): boolean =>
    rules.some((rule) => rule.id === id && rule.status === status);
  const rose = isStatus('nonce-increasing', 'held') && !isStatus('nonce-global-order', 'violated');
  if (!rose || !isStatus('no-overlap', 'violated')) return rules;
  return rules.map((rule) =>
    rule.id === 'no-overlap' ? { ...rule, explanation: `${rule.explanation} ${LUCK}` } : rule,
  );
}
