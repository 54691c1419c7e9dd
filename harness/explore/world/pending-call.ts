import type { CallOptions } from '../../run/targets/index.ts';
import type { MakeCall } from '../../run/targets/index.ts';
import { clientActor, EVENT_TOUCHES, operationId } from './world-operation.ts';
import type { WorldOperation } from './world-operation.ts';

/** A call that its caller waits for, and at the same time the event of giving it up. */
export class PendingCall implements WorldOperation {
  readonly kind = 'abort';
  readonly touches: number = EVENT_TOUCHES.abort;
  readonly id: number;
  readonly subject: number;
  readonly actor: number;
  readonly isFault = true;
  readonly account: string;
  readonly method: string;
  readonly #controller = new AbortController();

  constructor(facts: {
    readonly number: number;
    readonly accountIndex: number;
    readonly account: string;
    readonly method: string;
  }) {
    this.id = operationId('abort', facts.number);
    this.subject = -1;
    this.actor = clientActor(facts.accountIndex);
    this.account = facts.account;
    this.method = facts.method;
  }

  get isAborted(): boolean {
    return this.#controller.signal.aborted;
  }

  get options(): CallOptions {
    return { signal: this.#controller.signal };
  }

  happen(): void {
    this.#controller.abort(new Error('The caller gave the call up.'));
  }
}

/** The calls that can be given up now. */
export class AbortableCalls {
  readonly #pending = new Set<PendingCall>();
  readonly #accounts: readonly string[];
  #count = 0;

  constructor(accounts: readonly string[]) {
    this.#accounts = accounts;
  }

  /** Hands each call a signal of its own. */
  wrap(call: MakeCall): MakeCall {
    return async (account, method, params) => {
      const facts = { number: this.#count, accountIndex: this.#accounts.indexOf(account), account, method };
      this.#count += 1;
      const pending = new PendingCall(facts);
      this.#pending.add(pending);
      try {
        return await call(account, method, params, pending.options);
      } finally {
        this.#pending.delete(pending);
      }
    };
  }

  collect(options: WorldOperation[]): void {
    for (const pending of this.#pending) if (!pending.isAborted) options.push(pending);
  }
}
