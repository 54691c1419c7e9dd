import type { Ids } from './ids.ts';
import { type Amounts, type Money, zero } from '../catalog/index.ts';
import { Records } from './records.ts';

/** Ledger row types the venue writes, out of Kraken's longer list. */
export type LedgerType = 'trade' | 'deposit' | 'withdrawal' | 'transfer' | 'adjustment';

/** One change of one balance. */
export interface LedgerRow {
  readonly id: string;
  readonly account: string;
  readonly type: LedgerType;
  readonly subtype: string;
  /** The trade, transfer or withdrawal that caused it. */
  readonly refid: string;
  readonly asset: string;
  readonly atMs: number;
  /** Positive when the account gained. The fee is not in it. */
  readonly amount: Money;
  readonly fee: Money;
  /** The account's balance of the asset after this row. */
  readonly balance: Money;
}

/** A change to post: everything of a ledger row that is not worked out. */
export type Posting = Omit<LedgerRow, 'id' | 'balance' | 'account'>;

/** An account's money. `held` is what its open orders have set aside out of `balances`. */
export interface Balances {
  readonly account: string;
  readonly balances: Map<string, Money>;
  readonly held: Map<string, Money>;
  /** What came in from outside, less what left: opening balances, adjustments, deposits, withdrawals. */
  putIn: Amounts;
}

/** Where all money of one asset is. Conservation: `accounts + house + fees` equals `putIn`. */
export interface AssetTotals {
  readonly accounts: Money;
  /** The market maker that every order trades with: starts with nothing and may owe, i.e. be negative. */
  readonly house: Money;
  readonly fees: Money;
  readonly putIn: Money;
}

/** All money of the venue: the purses, the house's own account and the fees taken. Double entry throughout. */
export class Accounts {
  readonly #purses = new Map<string, Balances>();
  readonly #house = new Map<string, Money>();
  readonly #fees = new Map<string, Money>();
  readonly #ids: Ids;
  readonly rows: Records<LedgerRow>;

  constructor(ids: Ids, rowsMax: number) {
    this.#ids = ids;
    this.rows = new Records(rowsMax);
  }

  open(account: string, balances: Amounts): void {
    this.#purses.set(account, { account, balances: new Map(balances), held: new Map(), putIn: balances });
  }

  purse(account: string): Balances | undefined {
    return this.#purses.get(account);
  }

  /** Moves money between an account and the house, and the fee from the account to the exchange. */
  trade(purse: Balances, posting: Posting): LedgerRow {
    add(this.#house, posting.asset, posting.amount.neg());
    add(this.#fees, posting.asset, posting.fee);
    return this.#write(purse, posting);
  }

  /** Moves money between two accounts: the posting seen from `to`, which gains. */
  move(from: Balances, to: Balances, posting: Posting): LedgerRow {
    this.#write(from, { ...posting, amount: posting.amount.neg() });
    return this.#write(to, posting);
  }

  /** Brings money in from outside, or, when negative, lets it out; a fee goes to the exchange. */
  putIn(purse: Balances, posting: Posting): LedgerRow {
    const putIn = new Map(purse.putIn);
    add(putIn, posting.asset, posting.amount);
    purse.putIn = putIn;
    add(this.#fees, posting.asset, posting.fee);
    return this.#write(purse, posting);
  }

  totals(asset: string): AssetTotals {
    const sum = (of: (purse: Balances) => Amounts): Money =>
      [...this.#purses.values()].reduce((total, purse) => total.plus(of(purse).get(asset) ?? zero), zero);
    return {
      accounts: sum((purse) => purse.balances),
      house: this.#house.get(asset) ?? zero,
      fees: this.#fees.get(asset) ?? zero,
      putIn: sum((purse) => purse.putIn),
    };
  }

  #write(purse: Balances, posting: Posting): LedgerRow {
    add(purse.balances, posting.asset, posting.amount.minus(posting.fee));
    const balance = balanceOf(purse, posting.asset);
    const row = { ...posting, id: this.#ids.next('L'), account: purse.account, balance };
    this.rows.add(row.id, row);
    return row;
  }
}

/** What the purse has of an asset, holds included. */
export function balanceOf(purse: Balances, asset: string): Money {
  return purse.balances.get(asset) ?? zero;
}

/** What its open orders hold of it. */
export function heldOf(purse: Balances, asset: string): Money {
  return purse.held.get(asset) ?? zero;
}

/** What new orders and withdrawals may use. */
export function availableOf(purse: Balances, asset: string): Money {
  return balanceOf(purse, asset).minus(heldOf(purse, asset));
}

/** Sets money aside for an order, or, when negative, gives it back. */
export function hold(purse: Balances, asset: string, amount: Money): void {
  add(purse.held, asset, amount);
}

function add(amounts: Map<string, Money>, asset: string, amount: Money): void {
  amounts.set(asset, (amounts.get(asset) ?? zero).plus(amount));
}
