/**
 * Drives a Kraken client out of the registry, with its defaults, from the folder in which it is installed:
 *
 *     nonceproof verify --users 10 --calls 5 -- node drive.mjs CLIENT STYLE
 *
 * Every style makes the same calls: each account asks for its balance NONCEPROOF_CALLS times.
 *   in-turn     one call after the other over all accounts: nothing is left to the client
 *   accounts    the accounts side by side, each one call after the other, as a bot for several users does
 *   at-once     everything at the same moment, as a dashboard does
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const installed = createRequire(join(process.cwd(), 'package.json'));

/** How each client is made, and how it asks for a balance; everything else is its own default. */
const CLIENTS = {
  ccxt: ({ apiKey, apiSecret }) => {
    const exchange = new (installed('ccxt').kraken)({ apiKey, secret: apiSecret });
    return () => exchange.fetchBalance();
  },
  // One private call each, where fetchBalance asks for the markets first.
  'ccxt-raw': ({ apiKey, apiSecret }) => {
    const exchange = new (installed('ccxt').kraken)({ apiKey, secret: apiSecret });
    return () => exchange.privatePostBalance();
  },
  'kraken-api': ({ apiKey, apiSecret }) => {
    const KrakenClient = installed('kraken-api');
    const client = new KrakenClient(apiKey, apiSecret);
    return () => client.api('Balance');
  },
  'kraken-api-es5': ({ apiKey, apiSecret }) => {
    const KrakenClient = installed('kraken-api-es5');
    const client = new (KrakenClient.default ?? KrakenClient)(apiKey, apiSecret);
    return () => client.api('Balance');
  },
  'node-kraken-api': ({ apiKey, apiSecret }) => {
    const { Kraken } = installed('node-kraken-api');
    const client = new Kraken({ key: apiKey, secret: apiSecret });
    return () => client.balance();
  },
};

const [name, style] = process.argv.slice(2);
const calls = Number(process.env.NONCEPROOF_CALLS);
const accounts = JSON.parse(readFileSync(process.env.KRAKEN_ACCOUNTS_FILE, 'utf8'));
const balances = accounts.map((account) => {
  const balance = CLIENTS[name](account);
  return () => balance().catch((error) => console.error(`${account.account}: ${error.message ?? error}`));
});

async function severalTimes(balance) {
  for (let n = 0; n < calls; n += 1) await balance();
}

const STYLES = {
  async 'in-turn'() {
    for (const balance of balances) await severalTimes(balance);
  },
  accounts: () => Promise.all(balances.map(severalTimes)),
  'at-once': () => Promise.all(balances.flatMap((balance) => Array.from({ length: calls }, balance))),
};

await STYLES[style]();
