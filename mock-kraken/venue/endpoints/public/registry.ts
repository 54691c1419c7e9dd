import type { PublicEndpoint } from '../endpoint-context.ts';
import { assetPairs } from './asset-pairs.ts';
import { assetsInfo } from './assets.ts';
import { ohlc } from './ohlc.ts';
import { depth } from './order-book.ts';
import { spread } from './spread.ts';
import { systemStatus, time } from './status.ts';
import { ticker } from './ticker.ts';
import { trades } from './trades.ts';

/** Every public method by its name in the path. */
export const publicEndpoints: ReadonlyMap<string, PublicEndpoint> = new Map([
  ['Time', time],
  ['SystemStatus', systemStatus],
  ['Assets', assetsInfo],
  ['AssetPairs', assetPairs],
  ['Ticker', ticker],
  ['Depth', depth],
  ['OHLC', ohlc],
  ['Trades', trades],
  ['Spread', spread],
]);
