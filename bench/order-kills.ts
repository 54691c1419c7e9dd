/**
 * Kills programs that place orders, starts them again, and counts the orders that were doubled, lost or reported
 * wrongly: `node --import tsx bench/order-kills.ts [kills] [--send-again]`. With `--send-again` the programs do not
 * ask before they send an order again, which shows what the asking is for. The default of 200 kills takes about four
 * minutes. Ends with status 1 unless every order was placed exactly once.
 */
import { killTraders } from '../properties/order-kills.test-support.ts';

const killsWord = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? '200';
const asksFirst = !process.argv.includes('--send-again');

const report = await killTraders({ kills: Number(killsWord), traders: 10, seed: 20_261_126, asksFirst });
const { doubled, found, kills, lost, misreported, oddEnds, orders, refused } = report;
process.stdout.write(
  `${kills} kills, ${orders} orders: ${doubled.length} doubled, ${lost.length} lost, ${misreported.length} misreported; ${found} found by asking, ${refused} refused\n`,
);
for (const line of [...doubled, ...lost, ...misreported, ...oddEnds]) process.stdout.write(`  ${line}\n`);
process.exitCode = doubled.length + lost.length + misreported.length + oddEnds.length === 0 ? 0 : 1;
