import { z } from 'zod';
import type { Exchange } from '../exchange/index.ts';
import { parseFaultPlan } from '../faults/index.ts';
import type { AdapterWorld } from '../world.ts';
import { AdminError } from './admin-error.ts';

/** What the routes work on. */
export interface AdminSubject {
  readonly exchange: Exchange;
  readonly world: AdapterWorld;
  /** The verdict so far; `null` when nobody judges. */
  readonly verdict: (() => unknown) | null;
  /** Runs after the exchange was reset. */
  readonly onReset: () => void;
  readonly randomBytes: (bytes: number) => Buffer;
}

/** One request, its token checked. */
export interface AdminRequest {
  readonly query: URLSearchParams;
  /** Parsed JSON; `undefined` without a body. */
  readonly body: unknown;
}

/** Answers one kind of request with what becomes JSON. */
export type AdminRoute = (subject: AdminSubject, request: AdminRequest) => unknown;

/** Records in one answer: by default, and at most. */
const RECORDS_BY_DEFAULT = 1_000;
const RECORDS_MAX = 10_000;

/** Lengths of Kraken's keys, before base64. Kraken docs, REST authentication. */
const KEY_BYTES = 42;
const SECRET_BYTES = 64;

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, _ or -');
const base64 = z.base64().min(4).max(256);
const decimal = z.string().max(64);

const page = z.strictObject({
  since: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(RECORDS_MAX).default(RECORDS_BY_DEFAULT),
});
const balance = z.strictObject({ account: name, asset: z.string(), balance: decimal });
const price = z.union([
  z.strictObject({ pair: z.string(), price: decimal }),
  z.strictObject({ pair: z.string(), percent: decimal }),
  z.strictObject({ pair: z.string(), release: z.literal(true) }),
]);
const newAccount = z.strictObject({
  account: name,
  balances: z.record(z.string(), decimal).optional(),
  apiKey: base64.optional(),
  apiSecret: base64.optional(),
});

/** Every route by method and path. */
export const ADMIN_ROUTES: ReadonlyMap<string, AdminRoute> = new Map([
  ['GET /journal', readJournal],
  ['GET /verdict', readVerdict],
  ['POST /reset', reset],
  ['POST /balance', setBalance],
  ['POST /price', movePrice],
  ['POST /faults', setFaults],
  ['POST /accounts', addAccount],
]);

/** Records with a `seq` above `since`, oldest first. */
function readJournal({ exchange }: AdminSubject, { query }: AdminRequest): unknown {
  const { since, limit } = read(page, Object.fromEntries(query));
  const records = exchange.journal.filter(({ seq }) => seq > since).slice(0, limit);
  const { privateCalls, publicCalls, journalDropped: dropped } = exchange;
  return { records, privateCalls, publicCalls, dropped };
}

function readVerdict({ verdict }: AdminSubject): unknown {
  if (verdict !== null) return verdict();
  throw new AdminError(
    404,
    'no_judge',
    'Failed to read the verdict: nobody judges this exchange. Start it with nonceproof mock --admin.',
  );
}

function reset({ exchange, onReset }: AdminSubject): unknown {
  exchange.reset();
  onReset();
  return {};
}

function setBalance({ exchange, world }: AdminSubject, { body }: AdminRequest): unknown {
  const wanted = read(balance, body);
  exchange.moveVenue(
    (venue, atMs) => venue.setBalance(wanted.account, wanted.asset, wanted.balance, atMs),
    world.nowNs(),
  );
  return {};
}

function movePrice({ exchange, world }: AdminSubject, { body }: AdminRequest): unknown {
  const wanted = read(price, body);
  exchange.moveVenue((venue, atMs) => {
    if ('price' in wanted) venue.setPrice(wanted.pair, wanted.price, atMs);
    else if ('percent' in wanted) venue.advancePrice(wanted.pair, wanted.percent, atMs);
    else venue.releasePrice(wanted.pair, atMs);
  }, world.nowNs());
  return {};
}

function setFaults({ exchange }: AdminSubject, { body }: AdminRequest): unknown {
  exchange.setFaults(body === null ? null : parseFaultPlan(body));
  return {};
}

/** The one answer that holds a secret: that of an account which did not exist before. */
function addAccount({ exchange, world, randomBytes }: AdminSubject, { body }: AdminRequest): unknown {
  const { account, balances, ...given } = read(newAccount, body);
  const apiKey = given.apiKey ?? randomBytes(KEY_BYTES).toString('base64');
  const apiSecret = given.apiSecret ?? randomBytes(SECRET_BYTES).toString('base64');
  if (exchange.has({ account }) || exchange.has({ apiKey })) throw exists(account);
  // With the venue there, balances that cannot be are refused now and not in the middle of somebody's call.
  exchange.moveVenue(() => undefined, world.nowNs());
  exchange.addAccount({ account, apiKey, apiSecret, ...(balances === undefined ? {} : { balances }) });
  return { account, apiKey, apiSecret };
}

function exists(account: string): AdminError {
  return new AdminError(
    409,
    'account_exists',
    `Failed to add account ${account}: it, or its API key, is here already. Choose another.`,
  );
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new AdminError(400, 'bad_request', `Failed to read request${where}: ${issue?.message ?? 'unknown'}.`);
}
