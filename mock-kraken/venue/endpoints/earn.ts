import { invalidArguments } from '../../kraken-errors.ts';
import { answer, type PrivateEndpoint } from './endpoint-context.ts';
import { decimal, requiredText } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { TRADING_ERRORS } from '../errors/index.ts';

/** The strategies on offer. Nothing that is allocated to them leaves the account's balance. */
const strategies = [
  { id: 'ESRFUO3-Q62XD-WIOIL7', asset: 'SOL', minimum: '0.0100000000', apr: '5.0000' },
  { id: 'ESDQCOL-WTZEU-NU55QF', asset: 'ADA', minimum: '1.00000000', apr: '2.5000' },
] as const;

/** `Earn/Strategies`. */
export const earnStrategies: PrivateEndpoint = () =>
  answer({ next_cursor: null, items: strategies.map(strategyView) });

function strategyView({
  id,
  asset,
  minimum,
  apr,
}: (typeof strategies)[number]): Readonly<Record<string, unknown>> {
  return {
    id,
    asset,
    lock_type: { type: 'instant', payout_frequency: 604_800 },
    apr_estimate: { low: apr, high: apr },
    user_min_allocation: minimum,
    user_cap: null,
    allocation_fee: '0.0000',
    deallocation_fee: '0.0000',
    auto_compound: { type: 'enabled' },
    yield_source: { type: 'staking' },
    can_allocate: true,
    can_deallocate: true,
    allocation_restriction_info: [],
  };
}

/** `Earn/Allocations`: none. */
export const earnAllocations: PrivateEndpoint = () =>
  answer({
    converted_asset: 'USD',
    total_allocated: '0.0000',
    total_rewarded: '0.0000',
    next_cursor: null,
    items: [],
  });

/** `Earn/Allocate` and `Earn/Deallocate`: accepted, and done before any status is asked for. */
export const earnMove: PrivateEndpoint = ({ params, ids, purse, earnMoves, request }) => {
  const strategy = strategyNamed(requiredText(params, 'strategy_id'));
  const amount = decimal(params, 'amount') ?? refuse(invalidArguments('amount'));
  if (amount.lt(strategy.minimum)) refuse(TRADING_ERRORS.belowEarnMinimum);
  const id = ids.next('F');
  earnMoves.note(purse.account, `${request.method} ${strategy.id}`, id);
  return { error: [], result: true, effect: { kind: 'transfer', ids: [id] } };
};

/**
 * `Earn/AllocateStatus` and `Earn/DeallocateStatus`: nothing is ever under way. The answer names no move, but it speaks
 * of the latest one (Kraken docs, Earn/AllocateStatus).
 */
export const earnMoveStatus: PrivateEndpoint = ({ params, purse, earnMoves, request }) => {
  const strategy = strategyNamed(requiredText(params, 'strategy_id'));
  const move = earnMoves.latest(purse.account, `${request.method.replace(/Status$/, '')} ${strategy.id}`);
  return { ...answer({ pending: false }), ...(move === undefined ? {} : { tellsOf: [move] }) };
};

function strategyNamed(id: string): (typeof strategies)[number] {
  return strategies.find((strategy) => strategy.id === id) ?? refuse(invalidArguments('strategy_id'));
}
