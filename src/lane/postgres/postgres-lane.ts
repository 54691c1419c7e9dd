import type { LaneGate, LaneGrant } from '../lane-gate.ts';
import { LaneLostError } from '../lane-errors.ts';
import { NONCE_MAX, NONCE_MIN, NonceRangeError } from '../../nonce/index.ts';
import type { Runtime } from '../../runtime.ts';
import { WaitQueue } from '../wait-queue.ts';
import type { Row } from './connection.ts';
import { ENTERING, GIVING_UP, LEAVING, mustSettle } from './lane-protocol.ts';
import type { LaneStatement } from './lane-protocol.ts';
import type { Names } from './names.ts';
import { transactionPooling } from './postgres-errors.ts';
import type { PostgresSession } from './session.ts';

/** What a process's view of a lane needs. */
export interface PostgresLaneOptions {
  readonly lane: string;
  readonly names: Names;
  readonly runtime: Runtime;
  readonly settlingMs: number;
  /** Somebody asked: sees to a session and to tickets, and hands them over by `attach` and `place`. */
  readonly onAsked: () => void;
  /** For how long the present server has been seen to run, in milliseconds. */
  readonly serverKnownForMs: () => number;
}

/** A ticket and its lane, as the statements want them. */
export type PlacedTicket = readonly [ticket: string, lane: string];

/** A lane that is free, and whose first in the queue has not come for so long, goes to the next. */
const PATIENCE_MS = 2_000;

/** How often a nonce is drawn again that came too late to be used. */
const DRAWS_MAX = 3;

/** The way of the first in the queue from his attempt at the lock to his turn. */
interface Attempt {
  readonly pass: PostgresPass;
  readonly ticket: string;
  readonly session: PostgresSession;
}

/**
 * A lane in PostgreSQL, seen from one process.
 *
 *     ask ─> ticket ─> first in the queue ─> lock ─> [settling] ─> turn ─> clear, unlock, wake
 *              ^                                │                   │
 *              └────────── connection lost ─────┘                   └─> connection lost: the turn is lost
 */
export class PostgresLane implements LaneGate {
  readonly #options: PostgresLaneOptions;
  readonly #lock: string;
  readonly #setting: string;
  #session: PostgresSession | undefined;
  /** Passes without a grant in the order of their tickets, which is that of asking; the last may have none yet. */
  readonly #waiting = new WaitQueue<PostgresPass>();
  /** Of the first that waits, or of one that has left since and still has to be led to its end. */
  #attempt: Attempt | undefined;
  #holder: PostgresPass | undefined;
  /** The turn may have come while an attempt was under way. */
  #isToldAgain = false;
  #stuck: { readonly head: unknown; readonly sinceMs: number } | undefined;
  /** No nonce or floor that this process saw was higher: a database restored from a backup forgets, we do not. */
  #highest = NONCE_MIN - 1n;

  constructor(options: PostgresLaneOptions) {
    this.#options = options;
    this.#lock = String(options.names.laneLock(options.lane));
    this.#setting = options.names.turnSetting(options.lane);
  }

  get isWaitedFor(): boolean {
    return this.#waiting.size > 0;
  }

  get isHeldHere(): boolean {
    return this.#holder !== undefined;
  }

  /** How many wait and have no ticket. */
  get unplaced(): number {
    return [...this.#waiting].filter(({ ticket }) => ticket === undefined).length;
  }

  /** The tickets of those that wait, first ones first. */
  tickets(): readonly PlacedTicket[] {
    return [...this.#waiting].flatMap(({ ticket }) => this.#placed(ticket));
  }

  /** The ticket of the first that waits. */
  front(): readonly PlacedTicket[] {
    return this.#placed(this.#waiting.first?.ticket);
  }

  #placed(ticket: string | undefined): readonly PlacedTicket[] {
    return ticket === undefined ? [] : [[ticket, this.#options.lane]];
  }

  enqueue(): LaneGrant {
    const pass = new PostgresPass(this);
    this.#waiting.push(pass);
    this.#options.onAsked();
    return pass;
  }

  /** Hands out new tickets, lowest first, to those that have none. */
  place(tickets: readonly string[]): void {
    const unplaced = [...this.#waiting].filter(({ ticket }) => ticket === undefined);
    for (const ticket of tickets.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))) {
      const pass = unplaced.shift();
      if (pass === undefined) this.#withdraw(ticket);
      else pass.ticket = ticket;
    }
    this.enter();
  }

  /** A session begins. */
  attach(session: PostgresSession): void {
    this.#session = session;
    quietly(session.run(session.statements.openLane, [this.#options.lane]));
  }

  /** The session is no more, and with it the turn that was held in it. Who waits goes on waiting. */
  detach(reason: Error): void {
    this.#session = undefined;
    this.#attempt = undefined;
    if (this.#holder !== undefined) this.#holder.lostBy = reason;
    this.#holder = undefined;
  }

  /** Lets nobody wait any longer. */
  refuseAll(reason: Error): void {
    for (let pass = this.#waiting.first; pass !== null; pass = this.#waiting.first) {
      this.#leaveQueue(pass);
      pass.refuse(reason);
    }
  }

  /** Tries to enter for the first that waits. */
  enter(): void {
    this.#isToldAgain = true;
    const pass = this.#waiting.first;
    const session = this.#session;
    if (this.#attempt !== undefined || this.#holder !== undefined) return;
    if (pass?.ticket === undefined || session === undefined) return;
    this.#isToldAgain = false;
    const attempt = { pass, ticket: pass.ticket, session };
    this.#attempt = attempt;
    this.#tryLock(attempt).catch((error: unknown) => session.drop(error as Error));
  }

  /** The statements go out together: `begin` does nothing unless `enter` took the lock. */
  async #tryLock(attempt: Attempt): Promise<void> {
    const { session, ticket } = attempt;
    const { lane } = this.#options;
    const askedAtMs = this.#nowMs();
    const [entering, beginning] = ENTERING.map((name) =>
      session.run(session.statements[name], this.#params(name, attempt)),
    );
    quietly(beginning);
    const [entered] = (await entering) ?? [];
    const [begun] = (await beginning) ?? [];
    if (this.#attempt !== attempt) return;
    if (entered?.['is_mine'] === false) throw transactionPooling();
    if (entered?.['entered'] !== true) return this.#comeBackLater(attempt, entered);
    if (begun === undefined) throw new Error(`Lane ${lane} has no row (ticket ${ticket}).`);
    attempt.pass.prepared = { nonce: this.#seen(begun), askedAtMs };
    this.#afterSettling(attempt, this.#settlingTimeOf(begun, session));
  }

  #params(name: LaneStatement, { session, ticket }: Pick<Attempt, 'session' | 'ticket'>): readonly string[] {
    const { lane, settlingMs } = this.#options;
    const turn = [session.session, lane, ticket];
    switch (name) {
      case 'enter':
        return [...turn, this.#lock, this.#setting];
      case 'begin':
        return [...turn, this.#floor(), this.#setting, String(settlingMs), session.server];
      case 'clear':
        return turn;
      case 'unlock':
        return [session.session, ticket, this.#lock, this.#setting];
      case 'withdraw':
        return [ticket];
      case 'wake':
        return [lane];
    }
  }

  /** Another ticket is first, or the lock is not free. */
  #comeBackLater(attempt: Attempt, seen: Row | undefined): void {
    this.#attempt = undefined;
    if (!attempt.pass.isWaiting) this.#withdraw(attempt.ticket);
    else this.#notice(attempt, seen);
    if (this.#isToldAgain) this.enter();
  }

  /** Lets others go first when the lane is free and its first in the queue does not come, though his session lives. */
  #notice({ session, ticket }: Attempt, seen: Row | undefined): void {
    const head = seen?.['head'];
    const isStuck = seen?.['is_free'] === true && head !== ticket && typeof head === 'string';
    if (!isStuck) {
      this.#stuck = undefined;
    } else if (this.#stuck?.head !== head) {
      this.#stuck = { head, sinceMs: this.#nowMs() };
    } else if (this.#nowMs() - this.#stuck.sinceMs >= PATIENCE_MS) {
      quietly(session.run(session.statements.passOver, [head]));
      this.#isToldAgain = true;
    }
  }

  /**
   * How long a call of whoever was here before may still be in service. Nothing, if he is known to have left, in
   * the life of this server; a row from before a restart, or out of a backup, knows nothing of who came after.
   */
  #settlingTimeOf(before: Row, session: PostgresSession): number {
    const settlingMs = Math.max(this.#options.settlingMs, Number(before['settling_ms']));
    const wasHeld = before['was_held'] === true;
    const isOfOtherServer = before['server'] !== session.server;
    if (!mustSettle({ wasHeld, isOfOtherServer })) return 0;
    return wasHeld ? settlingMs : Math.max(0, settlingMs - this.#options.serverKnownForMs());
  }

  /** Goes on even when the one for whom it was begun has left: else those who come and go would never see its end. */
  #afterSettling(attempt: Attempt, settlingMs: number): void {
    if (settlingMs === 0) return this.#grant(attempt);
    this.#options.runtime.timers.setTimeout(() => {
      if (this.#attempt === attempt) this.#grant(attempt);
    }, settlingMs);
  }

  #grant({ pass, session, ticket }: Attempt): void {
    this.#attempt = undefined;
    if (!pass.isWaiting) return this.#release(session, ticket);
    this.#leaveQueue(pass);
    this.#holder = pass;
    pass.grant();
  }

  #leaveQueue(pass: PostgresPass): void {
    pass.isWaiting = false;
    this.#waiting.remove(pass);
  }

  leave(pass: PostgresPass): void {
    const session = this.#session;
    if (pass.isWaiting) {
      this.#leaveQueue(pass);
      const isUnderWay = this.#attempt?.pass === pass;
      if (pass.ticket !== undefined && !isUnderWay) this.#withdraw(pass.ticket);
    } else if (this.#holder === pass && session !== undefined && pass.ticket !== undefined) {
      this.#holder = undefined;
      this.#release(session, pass.ticket);
    }
  }

  #release(session: PostgresSession, ticket: string): void {
    this.#say(LEAVING, { session, ticket });
    this.enter();
  }

  #withdraw(ticket: string): void {
    if (this.#session !== undefined) this.#say(GIVING_UP, { session: this.#session, ticket });
  }

  /** Nobody waits for the answers: a statement that fails ends the session. */
  #say(names: readonly LaneStatement[], who: Pick<Attempt, 'session' | 'ticket'>): void {
    for (const name of names) quietly(who.session.run(who.session.statements[name], this.#params(name, who)));
  }

  draw(pass: PostgresPass): bigint | Promise<bigint> {
    const { prepared } = pass;
    pass.prepared = undefined;
    const session = this.#sessionOf(pass);
    if (prepared === undefined || !this.#isFresh(prepared.askedAtMs)) return this.#drawAgain(pass, session);
    pass.drawnAtMs = prepared.askedAtMs;
    return prepared.nonce;
  }

  /** What nobody knows here, because this process was stopped or cut off, is known by the age of the nonce. */
  shouldSend(pass: PostgresPass): boolean {
    return this.#holder === pass && this.#isFresh(pass.drawnAtMs);
  }

  /**
   * A nonce proves that the lane was held at some moment between the question and the answer. Half of the
   * settling time after the question it proves too little: this process may have been stopped in between.
   */
  async #drawAgain(pass: PostgresPass, session: PostgresSession): Promise<bigint> {
    for (let drawn = 0; drawn < DRAWS_MAX; drawn += 1) {
      const askedAtMs = this.#nowMs();
      const nonce = this.#floor();
      if (BigInt(nonce) > NONCE_MAX) throw new NonceRangeError(BigInt(nonce));
      const seen = this.#seen(
        await this.#inTurn(pass, session, { text: session.statements.draw, value: nonce }),
      );
      pass.drawnAtMs = askedAtMs;
      if (this.#isFresh(askedAtMs)) return seen;
    }
    throw new LaneLostError('the database answers too slowly to be sure that it is still held');
  }

  async raiseFloor(pass: PostgresPass, floor: bigint): Promise<void> {
    if (floor >= NONCE_MAX) throw new NonceRangeError(floor);
    const session = this.#sessionOf(pass);
    pass.prepared = undefined;
    const statement = { text: session.statements.raiseFloor, value: String(floor) };
    this.#seen(await this.#inTurn(pass, session, statement));
  }

  async #inTurn(
    pass: PostgresPass,
    session: PostgresSession,
    { text, value }: { readonly text: string; readonly value: string },
  ): Promise<Row> {
    const params = [session.session, this.#options.lane, pass.ticket ?? '', value, this.#setting];
    const [row] = await session.run(text, params).catch(() => []);
    this.#sessionOf(pass);
    if (row !== undefined) return row;
    const reason = new Error('The session does not hold the lane any more.');
    session.drop(reason);
    throw new LaneLostError('the database gave it up', reason);
  }

  /** @throws {LaneLostError} unless the pass holds the lane, as far as is known here */
  #sessionOf(pass: PostgresPass): PostgresSession {
    if (this.#holder === pass && this.#session !== undefined) return this.#session;
    throw new LaneLostError('the connection to the database was lost', pass.lostBy);
  }

  /** The lowest nonce that would do, as far as this process knows. */
  #floor(): string {
    const now = this.#options.runtime.clock.wallNs();
    return String(now > this.#highest ? now : this.#highest + 1n);
  }

  /** The mark in a row that the database answered with. */
  #seen(row: Row): bigint {
    const mark = BigInt(String(row['mark']));
    if (mark > this.#highest) this.#highest = mark;
    return mark;
  }

  #isFresh(askedAtMs: number): boolean {
    return this.#nowMs() - askedAtMs <= this.#options.settlingMs / 2;
  }

  #nowMs(): number {
    return this.#options.runtime.clock.monotonicMs();
  }
}

/** One turn's way through a {@link PostgresLane}. */
class PostgresPass implements LaneGrant {
  readonly granted: Promise<void>;
  readonly #lane: PostgresLane;
  /** Its number in the queue; kept over reconnections. */
  ticket: string | undefined;
  isWaiting = true;
  /** Drawn together with the lock. */
  prepared: { readonly nonce: bigint; readonly askedAtMs: number } | undefined;
  /** When the nonce was asked for that was drawn last; the lane was held after that. */
  drawnAtMs: number = -Infinity;
  lostBy: Error | undefined;
  previous: PostgresPass | null = null;
  next: PostgresPass | null = null;
  grant: () => void = () => undefined;
  refuse: (reason: Error) => void = () => undefined;

  constructor(lane: PostgresLane) {
    this.#lane = lane;
    this.granted = new Promise((resolve, reject) => {
      this.grant = resolve;
      this.refuse = reject;
    });
    // Whoever left the queue does not listen any more.
    this.granted.catch(() => undefined);
  }

  drawNonce(): bigint | Promise<bigint> {
    return this.#lane.draw(this);
  }

  shouldSend(): boolean {
    return this.#lane.shouldSend(this);
  }

  raiseFloor(nonce: bigint): Promise<void> {
    return this.#lane.raiseFloor(this, nonce);
  }

  leave(): void {
    this.#lane.leave(this);
  }
}

/** A statement that fails ends its session; nobody waits for this one's answer. */
function quietly(running: Promise<unknown> | undefined): void {
  running?.catch(() => undefined);
}
