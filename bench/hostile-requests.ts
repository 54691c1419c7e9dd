/**
 * Sends 105,000 hostile requests, or as many as its argument says, over sockets to a mock in the same process, and looks
 * at the process's whole memory on the way: `node --max-old-space-size=128 --import tsx bench/hostile-requests.ts [count]
 * [seed]`. Exits with status 1 when the mock answered a well-formed call wrongly, threw, or took more than 350 MB.
 */
import { startMockKraken } from '../mock-kraken/index.ts';
import { attack } from '../properties/hostile-requests.test-support.ts';

const RSS_MB_MAX = 350;
const LOOKS = 15;

const requests = Number(process.argv[2] ?? 105_000);
const seed = Number(process.argv[3] ?? 20261126);
const defects: unknown[] = [];
const kraken = await startMockKraken({
  users: 4,
  overlap: 'tolerate',
  serviceTime: { kind: 'fixed', ms: 0, held: { fraction: 0, factor: 1 } },
  onInternalError: (error) => void defects.push(error),
});

let rssMbMost = 0;
let looked = 0;
const { sent, statuses, rightly, wrong } = await attack(kraken.url, {
  accounts: kraken.accounts,
  requests,
  seed,
  onProgress: look,
});
await kraken.close();
for (const defect of defects.slice(0, 5)) process.stdout.write(`threw: ${String(defect)}\n`);
for (const answer of wrong.slice(0, 5)) process.stdout.write(`wrong: ${answer.slice(0, 500)}\n`);
process.stdout.write(`${JSON.stringify(Object.fromEntries(statuses))}\n`);
process.stdout.write(
  `${sent} hostile requests, ${rightly} good ones answered rightly, ${wrong.length} wrongly, ` +
    `${defects.length} defects, at most ${rssMbMost} MB of ${RSS_MB_MAX} MB\n`,
);
process.exitCode = defects.length === 0 && wrong.length === 0 && rssMbMost <= RSS_MB_MAX ? 0 : 1;

function look(sentSoFar: number): void {
  const rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  rssMbMost = Math.max(rssMbMost, rssMb);
  if (sentSoFar < looked) return;
  looked += requests / LOOKS;
  process.stdout.write(`${sentSoFar} requests: ${rssMb} MB, ${kraken.journal().length} records\n`);
}
