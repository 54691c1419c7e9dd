import { generateCredentials } from '../../../mock-kraken/index.ts';
import type { HttpRequest, LaneScope } from '../../../src/index.ts';
import type { Account, CreateClient } from '../../run/targets/index.ts';
import type { Program } from '../engine/index.ts';
import type { ClientHistory } from './client-history.ts';
import { clientProgram } from './client-run.ts';
import type { ClientRun } from './client-run.ts';
import type { FaultPlan } from './fault-kinds.ts';
import { DEFAULT_LATENCY } from './latency.ts';
import { SignatureMemo } from './signature-memo.ts';
import type { ArrivalPattern } from './workload.ts';

/** Everything but the target and the schedule that fixes a run. */
export interface Scenario {
  /** Accounts, MASTER included. */
  readonly users: number;
  /** Calls per account. */
  readonly calls: number;
  readonly pattern: ArrivalPattern;
  readonly scope: LaneScope;
  readonly clock: 'honest' | 'steps';
  readonly faults: FaultPlan;
  /** Runs are judged strictly: see `RuleContext`. Default `false`. */
  readonly strict?: boolean;
  /** Of the numbers that the world hands to a client that asks for chance. */
  readonly seed: number;
}

/** How the runs of a setting are watched. */
export interface RunWatch {
  /** See `WorkloadSpec`. Default `false`. */
  readonly isSymmetric?: boolean;
  readonly onEnter: (run: ClientRun) => void;
  /** See `WorldSpec`. */
  readonly checksSignatures: boolean;
  /** A request arrived that the exchange would refuse for its signature, if it looked. */
  readonly onWrongSignature: () => void;
  /** Default `false`. */
  readonly isRecorded?: boolean;
  /** Default 0. */
  readonly graceMs?: number;
  readonly hostMs: () => number;
}

/** How far the clock of a world creeps on with each event that runs code of the client's. */
const STEP_NS = 1_000_000;

/** The credentials are the same in every world: nothing depends on them. */
const CREDENTIALS_SEED = 1;

/** The program that a client is in a setting. */
export function programOf(
  createClient: CreateClient,
  setting: Scenario,
  watch: RunWatch,
): Program<ClientHistory> {
  const { users, calls, pattern, scope, clock, faults, seed } = setting;
  const { isSymmetric = false, isRecorded = false, graceMs = 0, checksSignatures } = watch;
  const { accounts } = castOf(users);
  const world = {
    accounts,
    scope,
    clock,
    faults,
    seed,
    latency: DEFAULT_LATENCY,
    stepNs: STEP_NS,
    checksSignatures,
    onArrival(request: HttpRequest): void {
      if (!checksSignatures && !signatures.isSigned(request, accounts)) watch.onWrongSignature();
    },
  };
  return clientProgram({
    createClient,
    world,
    callsPerAccount: calls,
    pattern,
    isSymmetric,
    isRecorded,
    graceMs,
    onEnter: watch.onEnter,
    hostMs: watch.hostMs,
  });
}

/** Whether a request is rightly signed does not depend on the world that it is sent in. */
const signatures = new SignatureMemo();

/** The accounts of a world, and their names; MASTER first. */
interface Cast {
  readonly accounts: readonly Account[];
  readonly names: readonly string[];
}

/** Generated once for each number of accounts: they never change. */
const casts = new Map<number, Cast>();

function castOf(users: number): Cast {
  const known = casts.get(users);
  if (known !== undefined) return known;
  const accounts = generateCredentials({ users, seed: CREDENTIALS_SEED });
  const cast = { accounts, names: accounts.map(({ account }) => account) };
  casts.set(users, cast);
  return cast;
}

/** Names of the accounts, MASTER first. */
export function accountNames({ users }: Pick<Scenario, 'users'>): readonly string[] {
  return castOf(users).names;
}

/** Every credential that a client in this setting has. */
export function credentialsIn({ users }: Pick<Scenario, 'users'>): readonly string[] {
  return castOf(users).accounts.flatMap(({ apiKey, apiSecret }) => [apiKey, apiSecret]);
}
