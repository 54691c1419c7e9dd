import { strToU8, zipSync } from 'fflate';
import type { Catalog } from '../catalog/index.ts';
import { rowView } from './ledgers.ts';
import { tradeView } from './trades.ts';
import type { Report, ReportContent } from './reports.ts';

/**
 * The columns of each kind in Kraken's order, as the files start that users show (`trades.csv`, `ledgers.csv` with
 * `wallet`, which only newer ones have).
 */
const COLUMNS = {
  // prettier-ignore
  trades: [
    'txid', 'ordertxid', 'pair', 'time', 'type', 'ordertype', 'price',
    'cost', 'fee', 'vol', 'margin', 'misc', 'ledgers',
  ],
  // prettier-ignore
  ledgers: [
    'txid', 'refid', 'time', 'type', 'subtype', 'aclass', 'asset',
    'wallet', 'amount', 'fee', 'balance',
  ],
} as const satisfies Record<ReportContent['report'], readonly string[]>;

/** Columns that cannot be chosen (Kraken's AddExport page lists the others); a report of some fields has them, too. */
const ALWAYS: Readonly<Record<ReportContent['report'], ReadonlySet<string>>> = {
  trades: new Set(['txid', 'pair', 'type']),
  ledgers: new Set(['txid']),
};

/** Columns without quotes. */
const NUMBERS: ReadonlySet<string> = new Set('price cost fee vol margin amount balance'.split(' '));

/** Whether `fields` may name it. */
export function isField(report: ReportContent['report'], name: string): boolean {
  return !ALWAYS[report].has(name) && COLUMNS[report].some((column) => column === name);
}

/** The columns of a report. */
export function columnsOf({ content: { report }, fields }: Report): readonly string[] {
  const isWanted = (name: string): boolean => fields.includes(name) || ALWAYS[report].has(name);
  return fields.length === 0 ? COLUMNS[report] : COLUMNS[report].filter(isWanted);
}

/** The zip that a report is handed out as: one file of text, `trades.csv`. The same report gives the same bytes. */
export function reportFile(report: Report, catalog: Catalog): Uint8Array {
  const name = `${report.content.report}.${report.format.toLowerCase()}`;
  return zipSync({ [name]: strToU8(reportText(report, catalog)) }, { mtime: FILE_TIME });
}

/** A zip holds local time: made of its parts, it is the same in every time zone. */
const FILE_TIME: Date = new Date(2026, 0, 1);

function reportText(report: Report, catalog: Catalog): string {
  const columns = columnsOf(report);
  const separator = report.format === 'CSV' ? ',' : '\t';
  const lineOf = (cells: readonly string[]): string => `${cells.join(separator)}\n`;
  const head = lineOf(columns.map(quoted));
  const rows = cellsOf(report.content, catalog).map((cells) =>
    lineOf(columns.map((name) => (NUMBERS.has(name) ? textOf(cells[name]) : quoted(textOf(cells[name]))))),
  );
  return [head, ...rows].join('');
}

type Cells = Readonly<Record<string, unknown>>;

/** Every record by its columns, in the words of the endpoint that shows the same. */
function cellsOf({ report, records }: ReportContent, catalog: Catalog): readonly Cells[] {
  if (report === 'trades') {
    return records.map((trade) => ({
      ...tradeView(trade, true),
      txid: trade.id,
      time: moment(trade.atMs, 4),
    }));
  }
  return records.map((row) => ({
    ...rowView(row, catalog),
    txid: row.id,
    time: moment(row.atMs, 0),
    wallet: SPOT_WALLET,
  }));
}

/** The only wallet that the venue has, in the words of files that users show. */
const SPOT_WALLET = 'spot / main';

/** `2017-04-02 07:31:31.8234`, in UTC. */
function moment(atMs: number, decimals: 0 | 4): string {
  const [day, time] = new Date(atMs).toISOString().slice(0, -1).split('T');
  return `${day} ${decimals === 0 ? time?.slice(0, -4) : `${time}0`}`;
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
