export { availableOf, balanceOf, Accounts, heldOf, hold } from './accounts.ts';
export type { LedgerRow, Balances } from './accounts.ts';
export { EarnMoves } from './earn-moves.ts';
export { Ids } from './ids.ts';
export { Records } from './records.ts';
export { worthIn } from './worth.ts';
