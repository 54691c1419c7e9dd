/**
 * The order in which a process says things to the database. Each is a transaction; between two of them anything
 * may happen elsewhere. The coordinator says them, and the explorer tries what comes of every interleaving.
 */
import type { Statements } from './statements.ts';

/** Statements by which a process that has a ticket goes through a lane. */
export type LaneStatement = keyof Pick<
  Statements,
  'enter' | 'begin' | 'clear' | 'unlock' | 'wake' | 'withdraw'
>;

/** To enter: the lock, and then, which does nothing without the lock, the turn and its first nonce. */
export const ENTERING = ['enter', 'begin'] as const;

/**
 * To leave. The row and the ticket go together, while the lock is still held: nobody finds the one without the other,
 * or a turn that has ended and seems to go on. Who is next is asked after the lock has gone: somebody who came before
 * that and found it taken is told, and somebody who came after it finds it free.
 */
export const LEAVING = ['clear', 'unlock', 'wake'] as const;

/** To give up a place in the queue: it may have been told that its turn has come, and has to pass that on. */
export const GIVING_UP = ['withdraw', 'wake'] as const;

/** To look, now and then, for what nobody tells; followed by {@link ENTERING}. */
export const LOOKING = ['removeDead', 'retakeTickets'] as const;

/** What the lane's row said about who was in a turn before. */
export interface Before {
  /** He is not known to have left it. */
  readonly wasHeld: boolean;
  /** The server has been started again since: about who came after that, the row says nothing. */
  readonly isOfOtherServer: boolean;
}

/** How a new holder knows whether a call from before may still be in service. */
export function mustSettle({ isOfOtherServer, wasHeld }: Before): boolean {
  return wasHeld || isOfOtherServer;
}
