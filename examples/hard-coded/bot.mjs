/**
 * A bot with Kraken's address written into it, as bots are. nonceproof verifies it as it is:
 *
 *     nonceproof verify --users 5 --calls 4 -- node examples/hard-coded/bot.mjs
 *
 *   --client fetch|https|undici   what it sends its calls with (default fetch)
 *   --spread none|threads|processes   each account in a worker thread or a process of its own
 *   --all-at-once                 the same bot without its lock: what nonceproof must catch
 */
import { fork } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const HOST = 'https://api.kraken.com';

const { values: options } = parseArgs({
  args: isMainThread ? process.argv.slice(2) : workerData.args,
  options: {
    client: { type: 'string', default: 'fetch' },
    spread: { type: 'string', default: 'none' },
    'all-at-once': { type: 'boolean', default: false },
    child: { type: 'boolean', default: false },
  },
});

const SENDERS = {
  async fetch(url, init) {
    return (await fetch(url, init)).json();
  },
  https(url, { method, headers, body }) {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(url, { method, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      });
      request.on('error', reject);
      request.end(body);
    });
  },
  async undici(url, init) {
    const { request } = await import('undici');
    return (await request(url, init)).body.json();
  },
};

async function call({ apiKey, apiSecret }, nonce) {
  const path = '/0/private/Balance';
  const body = `nonce=${nonce}`;
  const digest = createHash('sha256')
    .update(nonce + body)
    .digest();
  const sign = createHmac('sha512', Buffer.from(apiSecret, 'base64'))
    .update(path)
    .update(digest)
    .digest('base64');
  const headers = {
    'API-Key': apiKey,
    'API-Sign': sign,
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  return SENDERS[options.client](HOST + path, { method: 'POST', headers, body });
}

/** What can be told to call for an account: this thread, a thread or a process of its own. */
const SPREADS = {
  none: (account) => ({ call: (nonce) => call(account, nonce), end() {} }),
  threads: (account) =>
    remote(new Worker(new URL(import.meta.url), { workerData: { args: process.argv.slice(2), account } })),
  processes: (account) => {
    const child = fork(fileURLToPath(import.meta.url), ['--child', ...process.argv.slice(2)]);
    child.send({ account });
    return remote(child);
  },
};

function remote(other) {
  const post = (message) => (other.postMessage ? other.postMessage(message) : other.send(message));
  return {
    call: (nonce) =>
      new Promise((resolve) => {
        const onMessage = (message) => {
          if (message.nonce !== nonce) return;
          other.off('message', onMessage);
          resolve(message.reply);
        };
        other.on('message', onMessage);
        post({ nonce });
      }),
    end: () => post({ end: true }),
  };
}

/** Makes the calls that it is told to, and tells what came of them. */
function serve(port, post, end) {
  let account = workerData?.account;
  port.on('message', async (message) => {
    account = message.account ?? account;
    if (message.end) end();
    else if (message.nonce) post({ nonce: message.nonce, reply: await call(account, message.nonce) });
  });
}

async function trade() {
  const accounts = JSON.parse(readFileSync(process.env.KRAKEN_ACCOUNTS_FILE, 'utf8'));
  const calls = Number(process.env.NONCEPROOF_CALLS ?? 3);
  const traders = accounts.map((account) => SPREADS[options.spread](account));
  let nonce = BigInt(Date.now()) * 1_000_000n;
  const makeOne = async (trader) => {
    nonce += 1n;
    const { error } = await trader.call(String(nonce));
    if (error.length > 0) console.error(error.join());
  };
  if (options['all-at-once']) {
    await Promise.all(
      traders.map(async (trader) => {
        for (let n = 0; n < calls; n += 1) await makeOne(trader);
      }),
    );
  } else {
    for (let n = 0; n < calls; n += 1) for (const trader of traders) await makeOne(trader);
  }
  for (const trader of traders) trader.end();
}

if (!isMainThread)
  serve(
    parentPort,
    (message) => parentPort.postMessage(message),
    () => parentPort.close(),
  );
else if (options.child)
  serve(
    process,
    (message) => process.send(message),
    () => process.disconnect(),
  );
else await trade();
