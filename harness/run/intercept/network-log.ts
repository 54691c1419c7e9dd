import { count } from '../../format.ts';
import { destinationOf } from './kraken-hosts.ts';

/** A connection that a target wanted and did not get. */
export interface RefusedConnection {
  readonly host: string;
  readonly port: number;
}

/** Hosts that are remembered; a target may try any number. */
const HOSTS_MAX = 1_000;
/** Hosts that are named to a reader. */
const HOSTS_NAMED_MAX = 5;

/** Counts what a target wanted from the network and did not get. */
export class NetworkLog {
  readonly #timesOf = new Map<string, number>();
  #others = 0;
  #withoutCredentials = 0;

  refused({ host, port }: RefusedConnection): void {
    const name = `${host}:${port}`;
    const times = this.#timesOf.get(name);
    if (times === undefined && this.#timesOf.size >= HOSTS_MAX) this.#others += 1;
    else this.#timesOf.set(name, (times ?? 0) + 1);
  }

  /** Counts a request that the proxy could not take for the target's. */
  withoutCredentials(): void {
    this.#withoutCredentials += 1;
  }

  /** What a reader should know, in sentences. */
  notes(): readonly string[] {
    const refused = [...this.#timesOf].map(([name, times]) => ({ name, times, host: hostOf(name) }));
    const kraken = refused.filter(({ host }) => destinationOf(host).startsWith('kraken'));
    const others = refused.filter(({ host }) => !destinationOf(host).startsWith('kraken'));
    return [...this.#krakenNote(kraken), ...this.#othersNote(others), ...this.#credentialsNote()];
  }

  #credentialsNote(): readonly string[] {
    if (this.#withoutCredentials === 0) return [];
    return [
      `${count(this.#withoutCredentials, 'request')} to the proxy came without the credentials of this run and ${this.#withoutCredentials === 1 ? 'was' : 'were'} refused: from another ` +
        'program on this machine, or from the target, if it leaves out the user and the password in HTTPS_PROXY.',
    ];
  }

  #krakenNote(refused: readonly Refusal[]): readonly string[] {
    if (refused.length === 0) return [];
    return [
      `The target tried to reach ${nameSome(refused)}: a host of Kraken's that is not mocked. It was refused, as always, and what it would have done there was not judged.`,
    ];
  }

  #othersNote(refused: readonly Refusal[]): readonly string[] {
    if (refused.length === 0) return [];
    const more = this.#others === 0 ? '' : ` (and ${this.#others} further tries)`;
    return [
      `The target tried to reach ${nameSome(refused)}${more}: it was refused, for only Kraken is mocked. Allow other hosts with --allow-net.`,
    ];
  }
}

interface Refusal {
  readonly name: string;
  readonly times: number;
}

function nameSome(refused: readonly Refusal[]): string {
  const named = refused
    .slice(0, HOSTS_NAMED_MAX)
    .map(({ name, times }) => (times === 1 ? name : `${name} (${times} times)`));
  const rest = refused.length - named.length;
  return rest === 0 ? named.join(', ') : `${named.join(', ')} and ${rest} other hosts`;
}

function hostOf(name: string): string {
  return name.slice(0, name.lastIndexOf(':'));
}
