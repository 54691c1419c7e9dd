/** One currency of the venue. */
export interface Asset {
  /** Kraken's own code: `XXBT`, `ZUSD`, `SOL`. Balances are keyed by it. */
  readonly id: string;
  /** The short code: `XBT`, `USD`. */
  readonly altname: string;
  /** Digits after the point that balances are kept with. */
  readonly decimals: number;
  /** Digits that Kraken's website shows. */
  readonly displayDecimals: number;
  /** Money of a state: it has no deposit address. */
  readonly fiat: boolean;
  /** How it comes in and goes out, in Kraken's words. */
  readonly method: string;
  /** What an account holds when nobody says otherwise; `0`: it is not in its balances. */
  readonly openingBalance: string;
}

type Row = readonly [
  id: string,
  altname: string,
  decimals: number,
  display: number,
  fiat: boolean,
  method: string,
  opening: string,
];

const rows: readonly Row[] = [
  ['ZUSD', 'USD', 4, 2, true, 'Bank transfer (USD)', '1000000000'],
  ['ZEUR', 'EUR', 4, 2, true, 'Bank transfer (EUR)', '1000000000'],
  ['XXBT', 'XBT', 10, 5, false, 'Bitcoin', '100000'],
  ['XETH', 'ETH', 10, 5, false, 'Ether (Hex)', '1000000'],
  ['XLTC', 'LTC', 10, 5, false, 'Litecoin', '1000000'],
  ['XXRP', 'XRP', 8, 5, false, 'Ripple XRP', '100000000'],
  ['XXDG', 'XDG', 8, 2, false, 'Dogecoin', '1000000000'],
  ['SOL', 'SOL', 10, 5, false, 'Solana', '1000000'],
  ['ADA', 'ADA', 8, 6, false, 'ADA', '100000000'],
  ['USDT', 'USDT', 8, 4, false, 'Tether USD (ERC20)', '100000000'],
  ['DOT', 'DOT', 10, 5, false, 'Polkadot', '0'],
  ['LINK', 'LINK', 10, 5, false, 'Chainlink (ERC20)', '0'],
  ['AVAX', 'AVAX', 10, 5, false, 'Avalanche', '0'],
  ['PEPE', 'PEPE', 5, 5, false, 'PEPE', '0'],
  ['XXLM', 'XLM', 8, 5, false, 'Stellar XLM', '0'],
  ['TRX', 'TRX', 8, 5, false, 'TRX', '0'],
  ['BCH', 'BCH', 10, 5, false, 'BCH', '0'],
  ['UNI', 'UNI', 8, 5, false, 'UNI', '0'],
  ['AAVE', 'AAVE', 10, 5, false, 'AAVE', '0'],
  ['ATOM', 'ATOM', 8, 5, false, 'ATOM', '0'],
  ['SUI', 'SUI', 8, 5, false, 'SUI', '0'],
  ['NEAR', 'NEAR', 8, 5, false, 'NEAR', '0'],
  ['SHIB', 'SHIB', 5, 5, false, 'SHIB', '0'],
  ['TAO', 'TAO', 10, 5, false, 'TAO', '0'],
  ['HBAR', 'HBAR', 8, 5, false, 'HBAR', '0'],
  ['ALGO', 'ALGO', 8, 5, false, 'ALGO', '0'],
  ['FIL', 'FIL', 8, 5, false, 'FIL', '0'],
  ['XETC', 'ETC', 10, 5, false, 'Ether Classic (Hex)', '0'],
  ['XXMR', 'XMR', 10, 5, false, 'Monero', '0'],
  ['XZEC', 'ZEC', 10, 5, false, 'Zcash (Transparent)', '0'],
  ['BNB', 'BNB', 8, 5, false, 'BNB', '0'],
  ['HYPE', 'HYPE', 8, 5, false, 'HYPE', '0'],
  ['ONDO', 'ONDO', 8, 5, false, 'ONDO', '0'],
  ['RENDER', 'RENDER', 8, 5, false, 'RENDER', '0'],
  ['INJ', 'INJ', 8, 5, false, 'INJ', '0'],
  ['WIF', 'WIF', 8, 5, false, 'WIF', '0'],
  ['BONK', 'BONK', 5, 5, false, 'BONK', '0'],
  ['POL', 'POL', 8, 5, false, 'POL', '0'],
  ['ARB', 'ARB', 8, 5, false, 'ARB', '0'],
  ['OP', 'OP', 8, 5, false, 'OP', '0'],
  ['APT', 'APT', 8, 5, false, 'APT', '0'],
  ['TIA', 'TIA', 8, 5, false, 'TIA', '0'],
  ['SEI', 'SEI', 8, 5, false, 'SEI', '0'],
  ['CRV', 'CRV', 8, 5, false, 'CRV', '0'],
  ['LDO', 'LDO', 8, 5, false, 'LDO', '0'],
  ['GRT', 'GRT', 8, 5, false, 'GRT', '0'],
  ['SAND', 'SAND', 8, 5, false, 'SAND', '0'],
  ['MANA', 'MANA', 8, 5, false, 'MANA', '0'],
  ['AXS', 'AXS', 8, 5, false, 'AXS', '0'],
  ['ICP', 'ICP', 8, 5, false, 'ICP', '0'],
  ['FET', 'FET', 8, 5, false, 'FET', '0'],
  ['JUP', 'JUP', 8, 5, false, 'JUP', '0'],
  ['ENA', 'ENA', 8, 5, false, 'ENA', '0'],
  ['PENGU', 'PENGU', 8, 5, false, 'PENGU', '0'],
  ['TRUMP', 'TRUMP', 8, 5, false, 'TRUMP', '0'],
  ['FARTCOIN', 'FARTCOIN', 8, 5, false, 'FARTCOIN', '0'],
  ['PAXG', 'PAXG', 10, 5, false, 'PAXG', '0'],
  ['XAUT', 'XAUT', 10, 5, false, 'XAUT', '0'],
  ['EIGEN', 'EIGEN', 8, 5, false, 'EIGEN', '0'],
  ['STX', 'STX', 8, 5, false, 'STX', '0'],
  ['IMX', 'IMX', 8, 5, false, 'IMX', '0'],
  ['DYDX', 'DYDX', 8, 5, false, 'DYDX', '0'],
  ['COMP', 'COMP', 8, 5, false, 'COMP', '0'],
  ['SNX', 'SNX', 8, 5, false, 'SNX', '0'],
  ['XTZ', 'XTZ', 8, 5, false, 'XTZ', '0'],
  ['KSM', 'KSM', 8, 5, false, 'KSM', '0'],
  ['FLOW', 'FLOW', 8, 5, false, 'FLOW', '0'],
  ['USDC', 'USDC', 8, 5, false, 'USDC (ERC20)', '100000000'],
  ['DAI', 'DAI', 8, 5, false, 'DAI', '0'],
  ['ZGBP', 'GBP', 4, 2, true, 'Bank transfer (GBP)', '1000000000'],
];

/** Every currency of Kraken's that a pair here trades, in a fixed order. Codes and decimals as in Kraken's `Assets` answer. */
export const krakenAssets: readonly Asset[] = rows.map(
  ([id, altname, decimals, displayDecimals, fiat, method, openingBalance]) =>
    Object.freeze({ id, altname, decimals, displayDecimals, fiat, method, openingBalance }),
);

/** Names that people use for what Kraken calls XBT and XDG; Kraken takes them in `asset` and `pair` parameters. */
export const assetAliases: ReadonlyMap<string, string> = new Map([
  ['XBT', 'BTC'],
  ['XDG', 'DOGE'],
]);
