import { ownText } from '../../kept-text.ts';
import { invalidArguments } from '../../kraken-errors.ts';
import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { integer, list, requiredText, word } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { columnsOf, isField, reportFile } from './report-file.ts';
import { reportKeptMs, statusOf, type Report, type ReportContent } from './reports.ts';
import { wholeSeconds } from '../market/index.ts';
import { TRADING_ERRORS } from '../errors/index.ts';
import { ordersOf } from './ledgers.ts';

const reportKinds = ['trades', 'ledgers'] as const;
const formats = ['CSV', 'TSV'] as const;

/** Fields named in one request, at most; more than there are. */
const fieldsMax = 20;

const secondMs = 1000;

/**
 * `AddExport`: asks for a report of the account's own trades or ledger rows (Kraken's AddExport page). It moves no
 * money, so that one too many is no effect.
 */
export const addExport: PrivateEndpoint = (desk) => {
  const { params, purse, ids, reports, settings, atMs } = desk;
  const kind = reportKind(desk);
  const fromMs = momentOf(desk, 'starttm') ?? monthOf(atMs);
  const untilMs = momentOf(desk, 'endtm') ?? atMs;
  const startedMs = atMs + settings.exportQueuedMs;
  const report: Report = {
    id: ids.nextReport(),
    account: purse.account,
    description: ownText(requiredText(params, 'description')),
    format: word(params, 'format', { among: formats, fallback: 'CSV' }),
    fields: fieldsOf(desk, kind),
    content: contentOf(desk, kind, { fromMs, untilMs }),
    fromMs,
    untilMs,
    createdMs: atMs,
    startedMs,
    completedMs: startedMs + settings.exportProcessingMs,
  };
  reports.add(report);
  return answer({ id: report.id });
};

/** `ExportStatus`: the account's reports of one kind, newest first. */
export const exportStatus: PrivateEndpoint = (desk) => {
  const kind = reportKind(desk);
  const shown = desk.reports
    .of(desk.purse.account, desk.atMs)
    .filter(({ content }) => content.report === kind);
  return answer(shown.map((report) => reportView(report, desk.atMs)));
};

/** `RetrieveExport`: the zip itself, in place of Kraken's envelope. */
export const retrieveExport: PrivateEndpoint = (desk) => {
  const report = namedReport(desk);
  if (statusOf(report, desk.atMs) !== 'Processed') refuse(TRADING_ERRORS.exportNotReady);
  return {
    error: [],
    file: reportFile(report, desk.settings.catalog),
    effect: null,
    tellsOf: toldBy(report, desk),
  };
};

/**
 * `RemoveExport`: `delete` for a report that is processed, `cancel` for one that is not (Kraken's RemoveExport page).
 * What Kraken answers to the wrong one of the two is not known.
 */
export const removeExport: PrivateEndpoint = (desk) => {
  const report = namedReport(desk);
  const type = requiredText(desk.params, 'type');
  const fitting = statusOf(report, desk.atMs) === 'Processed' ? 'delete' : 'cancel';
  if (type !== 'delete' && type !== 'cancel') refuse(invalidArguments('type'));
  if (type !== fitting) refuse(invalidArguments('id'));
  desk.reports.remove(report);
  return answer({ [type]: true });
};

function reportKind({ params }: EndpointContext): ReportContent['report'] {
  const named = requiredText(params, 'report');
  return reportKinds.find((kind) => kind === named) ?? refuse(invalidArguments('report'));
}

/** Kraken's words for an id that it does not know are not published. */
function namedReport({ params, purse, reports, atMs }: EndpointContext): Report {
  return reports.get(purse.account, requiredText(params, 'id'), atMs) ?? refuse(invalidArguments('id'));
}

function fieldsOf({ params }: EndpointContext, kind: ReportContent['report']): readonly string[] {
  const named = list(params, 'fields', fieldsMax);
  if (named.length === 0 || named.includes('all')) return [];
  return named.every((name) => isField(kind, name)) ? named : refuse(invalidArguments('fields'));
}

function contentOf(
  { engine, books, purse: { account } }: EndpointContext,
  report: ReportContent['report'],
  { fromMs, untilMs }: Pick<Report, 'fromMs' | 'untilMs'>,
): ReportContent {
  const isWithin = ({ atMs }: { readonly atMs: number }): boolean => atMs >= fromMs && atMs <= untilMs;
  return report === 'trades'
    ? { report, records: [...engine.trades.of(account)].filter(isWithin) }
    : { report, records: [...books.rows.of(account)].filter(isWithin) };
}

/** A UNIX time in seconds, as milliseconds. */
function momentOf({ params }: EndpointContext, name: string): number | undefined {
  const written = integer(params, name);
  if (written === undefined) return undefined;
  return written < 0 ? refuse(invalidArguments(name)) : written * secondMs;
}

/** The first of the month, in UTC. */
function monthOf(atMs: number): number {
  const now = new Date(atMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
}

/** What a report tells of that took effect: orders, and transfers where it has a column for them. */
function toldBy(report: Report, desk: EndpointContext): readonly string[] {
  const { content } = report;
  const columns = columnsOf(report);
  if (content.report === 'trades') {
    return columns.includes('ordertxid') ? content.records.map(({ orderTxid }) => orderTxid) : [];
  }
  if (!columns.includes('refid')) return [];
  return [...content.records.map(({ refid }) => refid), ...ordersOf(content.records, desk)];
}

/** Times are text, and `0` as long as they lie ahead (answers shown by clients). */
function reportView(report: Report, atMs: number): Readonly<Record<string, string>> {
  const { content, fields } = report;
  const passed = (ms: number): string => (ms <= atMs ? timeText(ms) : '0');
  return {
    id: report.id,
    descr: report.description,
    format: report.format,
    report: content.report,
    subtype: 'all',
    status: statusOf(report, atMs),
    flags: '0',
    fields: fields.length === 0 ? 'all' : fields.join(','),
    createdtm: timeText(report.createdMs),
    expiretm: timeText(report.createdMs + reportKeptMs),
    starttm: passed(report.startedMs),
    completedtm: passed(report.completedMs),
    datastarttm: timeText(report.fromMs),
    dataendtm: timeText(report.untilMs),
    aclass: content.report === 'trades' ? 'forex' : 'currency',
    asset: 'all',
  };
}

function timeText(ms: number): string {
  return String(wholeSeconds(ms));
}
