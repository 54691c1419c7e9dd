import type { ExchangeCall } from './call.ts';
import { losesReply, stageOf } from '../faults/index.ts';
import { InDoubt } from './in-doubt.ts';
import type { ExchangeReply } from '../exchange-reply.ts';

/** Queries whose answers tell what took effect (Kraken docs, REST endpoints). Their records say what they showed. */
const QUERIES: ReadonlySet<string> = new Set([
  'OpenOrders',
  'ClosedOrders',
  'QueryOrders',
  'OrderAmends',
  'TradesHistory',
  'QueryTrades',
  'Ledgers',
  'QueryLedgers',
  'WithdrawStatus',
  'Earn/AllocateStatus',
  'Earn/DeallocateStatus',
]);

/** Follows replies to their clients, and writes into the records what was lost and what a later reply told of it. */
export class DeliveryNotes {
  readonly #inDoubt = new InDoubt();
  readonly #callOf = new WeakMap<ExchangeReply, ExchangeCall>();

  /** The reply to a call has been decided. */
  onDecided(call: ExchangeCall, reply: ExchangeReply): void {
    const { record } = call;
    const account = record.account ?? '';
    const made = record.effect?.ids ?? [];
    const shown = this.#inDoubt.shownBy(account, reply.body, [...made, ...call.tellsOf]);
    if (shown.length > 0 || QUERIES.has(record.method)) record.shows = shown;
    if (isLost(call)) record.replyLost = true;
    else if (record.effect !== null || record.shows !== undefined) this.#callOf.set(reply, call);
    if (record.effect !== null && record.effect.kind !== 'cancel') this.#inDoubt.add(account, made);
  }

  /** A reply has gone out whole, or never will. */
  onDelivered(reply: ExchangeReply, isWhole: boolean): void {
    const record = this.#callOf.get(reply)?.record;
    if (record === undefined) return;
    this.#callOf.delete(reply);
    if (!isWhole) record.replyLost = true;
    else this.#inDoubt.settle(record.account ?? '', [...(record.effect?.ids ?? []), ...(record.shows ?? [])]);
  }
}

/** Whether it is known at once that the client does not learn what became of its call. */
function isLost({ record, fault, head, duplicateOf }: ExchangeCall): boolean {
  if (head.isAbandoned?.() === true) return true;
  if (fault === null || record.fault === null) return false;
  if (stageOf(fault.kind) !== 'twice') return losesReply(fault.kind);
  return (fault.kind === 'duplicate-second-reply') === (duplicateOf === null);
}
