/**
 * How much memory a long-running exchange needs. Sends 1,000,000 signed requests, or as many as its first argument says,
 * through the sans-IO exchange, each with a body of as many bytes as its second argument says (default: as short as it
 * is), every thousandth with a nonce too low, and looks at the process's whole memory on the way. The first 100,000 leave
 * nothing but records, which may keep 40 MB of heap; of the others one in ten is an order. Exits with status 1 above that,
 * or above 200 MB in all.
 *
 * V8 takes more memory than it needs as long as no limit is set, and tsx takes some of its own; so this is bundled
 * first, and runs with a limit under which an exchange that grew would come to an end:
 *
 *     npx esbuild bench/journal-memory.ts --bundle --platform=node --format=esm --packages=external \
 *       --outfile=dist/journal-memory.mjs
 *     node --expose-gc --max-old-space-size=128 --max-semi-space-size=4 dist/journal-memory.mjs 1000000 65000
 */
import { createExchange, generateCredentials } from '../mock-kraken/index.ts';
import type { Credentials, Exchange } from '../mock-kraken/index.ts';
import { signRequest } from '../src/index.ts';

const RSS_MB_MAX = 200;
/** What the first records may keep, whatever their bodies were. */
const RECORDS = 100_000;
const RECORDS_MB_MAX = 40;
const LOOKS = 20;

const requests = Number(process.argv[2] ?? 1_000_000);
const padding = 'x'.repeat(Number(process.argv[3] ?? 0));
const { gc } = globalThis;
if (gc === undefined) throw new Error('Failed to measure what is kept: no --expose-gc. Start node with it.');
const accounts = generateCredentials({ users: 3, seed: 1 });
const exchange = createExchange();
for (const account of accounts) exchange.addAccount(account);

const heapMbBefore = heapMb();
let recordsMb = 0;
let rssMbMost = 0;
for (let request = 1; request <= requests; request++) {
  serveOne(exchange, request);
  if (request === RECORDS) recordsMb = heapMb() - heapMbBefore;
  if (request % Math.ceil(requests / LOOKS) === 0) look(request);
}
if (exchange.privateCalls !== requests) throw new Error('not every request arrived');
const rejected = exchange.journal.filter(({ outcome }) => outcome === 'rejected').length;
if (rejected < Math.floor(requests / 1_000)) throw new Error('the journal let go of a rejection');
process.exitCode = rssMbMost <= RSS_MB_MAX && recordsMb <= RECORDS_MB_MAX ? 0 : 1;
process.stdout.write(`at most ${rssMbMost} MB, limit ${RSS_MB_MAX} MB\n`);
if (requests >= RECORDS)
  process.stdout.write(`${RECORDS} records keep ${recordsMb.toFixed(1)} MB, limit ${RECORDS_MB_MAX} MB\n`);

/** What is still in use, on V8's heap and beside it. */
function heapMb(): number {
  gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

function look(request: number): void {
  const rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  rssMbMost = Math.max(rssMbMost, rssMb);
  const { journal, journalDropped } = exchange;
  process.stdout.write(
    `${request} requests: ${rssMb} MB, ${journal.length} kept, ${journalDropped} let go\n`,
  );
}

function serveOne(on: Exchange, request: number): void {
  const account = accounts[request % accounts.length];
  if (account === undefined) throw new Error('no account');
  const { head, body } = signed(account, request);
  const atNs = request * 2_000_000;
  const call = on.begin(head, atNs);
  on.receiveBody(call, Buffer.from(body), atNs);
  on.finish(call, atNs + 1_000_000);
}

function signed({ apiKey, apiSecret }: Credentials, request: number) {
  const nonce = request % 1_000 === 0 ? '1' : String(1_795_353_736_170_000_000n + BigInt(request));
  const isOrder = request > RECORDS && request % 10 === 0;
  const path = isOrder ? '/0/private/AddOrder' : '/0/private/Balance';
  const order = '&pair=XBTUSD&type=buy&ordertype=market&volume=0.0001';
  const fields = `nonce=${nonce}${isOrder ? order : ''}&nonceproof_call=call-number-${request}`;
  // Distinct from the last one, as bodies from a socket are.
  const body = padding === '' ? fields : `${fields}&padding=${padding}`.slice(0, padding.length);
  const headers = {
    'api-key': apiKey,
    'api-sign': signRequest({ path, nonce, body, apiSecret }),
    'content-type': 'application/x-www-form-urlencoded',
  };
  return { head: { path, headers }, body };
}
