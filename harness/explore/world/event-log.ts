import type { ClientCall } from '../../judge/history/index.ts';
import type { PendingCall } from './pending-call.ts';
import { TransitOperation } from './transit.ts';
import type { Transit } from './transit.ts';
import type { WorldEvent } from './world-event.ts';
import type { WorldOperation } from './world-operation.ts';

/** What an {@link EventLog} may look at. */
export interface EventSources {
  /** MASTER first. */
  readonly accounts: readonly string[];
  readonly nowNs: () => number;
  /** When the next timer falls due. */
  readonly dueNs: () => number;
  readonly inFlight: () => readonly Transit[];
}

type Facts = Partial<Pick<WorldEvent, 'account' | 'method' | 'tag' | 'nonce' | 'detail'>>;

/** Writes down what happens in a run, for a story. */
export class EventLog {
  readonly events: WorldEvent[] = [];
  readonly #sources: EventSources;
  #step = 0;

  constructor(sources: EventSources) {
    this.#sources = sources;
  }

  /** An event of the schedule is about to happen. */
  onOperation(operation: WorldOperation): void {
    this.#step += 1;
    if (operation.kind === 'ask' || operation.kind === 'start') return;
    if (operation instanceof TransitOperation) {
      const others = operation.kind === 'arrive' ? this.#inService() : null;
      this.#write(operation.kind, { ...this.#factsOf(operation.transit), detail: others });
    } else if (operation.kind === 'abort') {
      const { account, method } = operation as PendingCall;
      this.#write('abort', { account, method });
    } else this.#write(operation.kind, {});
  }

  onSent(transit: Transit): void {
    this.#write('sent', this.#factsOf(transit));
  }

  onCall({ account, method, tag, outcome, error }: ClientCall): void {
    const facts = { account, method, tag };
    if (outcome === 'unsettled') this.#write('ask', facts);
    else this.#write('settled', { ...facts, detail: error });
  }

  #inService(): string | null {
    const inService = this.#sources.inFlight().filter(({ leg }) => leg === 'in-service');
    return inService.length === 0 ? null : inService.map((transit) => this.#nameOf(transit)).join(', ');
  }

  #nameOf(transit: Transit): string {
    return `${this.#sources.accounts[transit.account] ?? 'somebody'}'s ${methodOf(transit)}`;
  }

  #factsOf(transit: Transit): Facts {
    const body = transit.request.body ?? '';
    return {
      account: this.#sources.accounts[transit.account] ?? null,
      method: methodOf(transit),
      tag: fieldOf(body, 'nonceproof_call'),
      nonce: fieldOf(body, 'nonce'),
    };
  }

  #write(kind: WorldEvent['kind'], facts: Facts): void {
    const nothing = { account: null, method: null, tag: null, nonce: null, detail: null };
    const atNs = kind === 'timer' ? this.#sources.dueNs() : this.#sources.nowNs();
    this.events.push({ step: this.#step, atNs, kind, ...nothing, ...facts });
  }
}

function methodOf({ request }: Transit): string {
  return request.path.split('/').slice(3).join('/').split('?')[0] ?? '';
}

/** A field of a body that is form-encoded or JSON. */
function fieldOf(body: string, name: string): string | null {
  return new RegExp(`(?:^|[&{,"])${name}"?[=:]"?([^&",}]*)`).exec(body)?.[1] ?? null;
}
