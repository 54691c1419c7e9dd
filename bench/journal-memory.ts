/**
 * How much memory a long-running exchange needs. Sends 1,000,000 signed requests, or as many as its argument says,
 * through the sans-IO exchange, one in ten of them an order, every thousandth with a nonce too low, and looks at the
 * process's whole memory on the way. Exits with status 1 above 200 MB.
 *
 * V8 takes more memory than it needs as long as nobody tells it not to, and tsx takes some of its own; so this is
 * bundled first, and runs with a limit under which an exchange that grew would come to an end:
 *
 *     npx esbuild bench/journal-memory.ts --bundle --platform=node --format=esm --packages=external \
 *       --outfile=dist/journal-memory.mjs
 *     node --max-old-space-size=128 --max-semi-space-size=4 dist/journal-memory.mjs
 */
import { createExchange, generateCredentials } from '../mock-kraken/index.ts';
import type { Credentials, Exchange } from '../mock-kraken/index.ts';
import { signRequest } from '../src/index.ts';

const RSS_MB_MAX = 200;
const LOOKS = 20;

const requests = Number(process.argv[2] ?? 1_000_000);
const accounts = generateCredentials({ users: 3, seed: 1 });
const exchange = createExchange();
for (const account of accounts) exchange.addAccount(account);

let rssMbMost = 0;
for (let request = 1; request <= requests; request++) {
  serveOne(exchange, request);
  if (request % Math.ceil(requests / LOOKS) === 0) look(request);
}
if (exchange.privateCalls !== requests) throw new Error('not every request arrived');
const rejected = exchange.journal.filter(({ outcome }) => outcome === 'rejected').length;
if (rejected < Math.floor(requests / 1_000)) throw new Error('the journal let go of a rejection');
process.exitCode = rssMbMost <= RSS_MB_MAX ? 0 : 1;
process.stdout.write(`at most ${rssMbMost} MB, limit ${RSS_MB_MAX} MB\n`);

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
  on.receiveBody(call, body, atNs);
  on.finish(call, atNs + 1_000_000);
}

function signed({ apiKey, apiSecret }: Credentials, request: number) {
  const nonce = request % 1_000 === 0 ? '1' : String(1_795_353_736_170_000_000n + BigInt(request));
  const isOrder = request % 10 === 0;
  const path = isOrder ? '/0/private/AddOrder' : '/0/private/Balance';
  const order = '&pair=XBTUSD&type=buy&ordertype=market&volume=0.0001';
  const body = `nonce=${nonce}${isOrder ? order : ''}`;
  const headers = {
    'api-key': apiKey,
    'api-sign': signRequest({ path, nonce, body, apiSecret }),
    'content-type': 'application/x-www-form-urlencoded',
  };
  return { head: { path, headers }, body };
}
