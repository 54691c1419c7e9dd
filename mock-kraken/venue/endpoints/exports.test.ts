import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { Driver, startMs } from '../testing/driver.ts';

type View = Readonly<Record<string, string>>;

/** Buys and sells at the market, a minute apart. */
function traded(options = {}): Driver {
  const driver = new Driver(options);
  for (const type of ['buy', 'sell', 'buy']) {
    driver.order({ ordertype: 'market', type, volume: '0.01' });
    driver.wait(60_000);
  }
  return driver;
}

function ask(driver: Driver, params: object = {}): string {
  return driver.ok<{ id: string }>('AddExport', { report: 'trades', description: 'mine', ...params }).id;
}

function statuses(driver: Driver, report = 'trades'): readonly View[] {
  return driver.ok('ExportStatus', { report });
}

/** The only file of the zip, by its name, as lines of cells. */
function unzipped(driver: Driver, id: string, separator = ','): Readonly<Record<string, string[][]>> {
  const { error, file } = driver.json('RetrieveExport', { id });
  if (file === undefined) throw new Error(error.join());
  return Object.fromEntries(
    Object.entries(unzipSync(file)).map(([name, bytes]) => [
      name,
      strFromU8(bytes)
        .trimEnd()
        .split('\n')
        .map((line) => cellsOf(line, separator)),
    ]),
  );
}

/** Cells with quotes may contain the separator. */
function cellsOf(line: string, separator: string): string[] {
  const cells = line.match(separator === ',' ? /"(?:[^"]|"")*"|[^,]+/g : /[^\t]+/g) ?? [];
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

/** Asks for a report and waits until it is there. */
function rowsOf(driver: Driver, params: object): readonly string[][] {
  const id = ask(driver, params);
  driver.wait(3_000);
  return Object.values(unzipped(driver, id))[0] ?? [];
}

describe('AddExport', () => {
  test('needs a kind and a description, and takes only what Kraken names', () => {
    const driver = new Driver();
    const refused = (params: object): unknown =>
      driver.error('AddExport', { report: 'trades', description: 'mine', ...params });
    expect(refused({ report: undefined })).toBe('EGeneral:Invalid arguments:report');
    expect(refused({ report: 'orders' })).toBe('EGeneral:Invalid arguments:report');
    expect(refused({ description: '' })).toBe('EGeneral:Invalid arguments:description');
    expect(refused({ format: 'PDF' })).toBe('EGeneral:Invalid arguments:format');
    expect(refused({ starttm: 'monday' })).toBe('EGeneral:Invalid arguments:starttm');
    expect(refused({ endtm: -1 })).toBe('EGeneral:Invalid arguments:endtm');
    expect(refused({ fields: 'price,balance' })).toBe('EGeneral:Invalid arguments:fields');
    expect(refused({ fields: 'txid' })).toBe('EGeneral:Invalid arguments:fields');
    expect(refused({ report: 'ledgers', fields: 'price' })).toBe('EGeneral:Invalid arguments:fields');
    expect(statuses(driver)).toEqual([]);
  });

  test('gives every report an id of four letters, and is no effect', () => {
    const driver = new Driver();
    const ids = Array.from({ length: 50 }, () => ask(driver));
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[A-Z2-7]{4}$/);
    expect(driver.json('AddExport', { report: 'trades', description: 'x' }).effect).toBeNull();
  });
});

describe('ExportStatus', () => {
  test('follows a report from the queue to its end, by the clock of the venue', () => {
    const driver = new Driver({ exportQueuedMs: 4_000, exportProcessingMs: 2_000 });
    const id = ask(driver);
    const createdtm = String(startMs / 1000);
    const [queued] = statuses(driver);
    expect(queued).toEqual({
      id,
      descr: 'mine',
      format: 'CSV',
      report: 'trades',
      subtype: 'all',
      status: 'Queued',
      flags: '0',
      fields: 'all',
      createdtm,
      expiretm: String(startMs / 1000 + 14 * 86_400),
      starttm: '0',
      completedtm: '0',
      datastarttm: String(Date.UTC(2026, 10, 1) / 1000),
      dataendtm: createdtm,
      aclass: 'forex',
      asset: 'all',
    });
    driver.wait(3_999);
    expect(statuses(driver)).toMatchObject([{ status: 'Queued' }]);
    driver.wait(1);
    const starttm = String(startMs / 1000 + 4);
    expect(statuses(driver)).toMatchObject([{ status: 'Processing', starttm, completedtm: '0' }]);
    driver.wait(2_000);
    const completedtm = String(startMs / 1000 + 6);
    expect(statuses(driver)).toMatchObject([{ status: 'Processed', starttm, completedtm }]);
  });

  test('shows the newest report first, one kind at a time, and only the own ones', () => {
    const driver = new Driver();
    const first = ask(driver);
    const second = ask(driver, { fields: 'price,cost', format: 'TSV', starttm: 5, endtm: '6' });
    const ledger = ask(driver, { report: 'ledgers' });
    expect(statuses(driver).map(({ id }) => id)).toEqual([second, first]);
    expect(statuses(driver)[0]).toMatchObject({
      fields: 'price,cost',
      format: 'TSV',
      datastarttm: '5',
      dataendtm: '6',
    });
    expect(statuses(driver, 'ledgers')).toMatchObject([{ id: ledger, aclass: 'currency' }]);
    driver.account = 'USER_1';
    expect(statuses(driver)).toEqual([]);
    expect(driver.error('ExportStatus')).toBe('EGeneral:Invalid arguments:report');
  });
});

describe('RetrieveExport', () => {
  test('gives a zip of all trades as TradesHistory shows them, oldest first', () => {
    const driver = traded();
    const id = ask(driver);
    driver.wait(3_000);
    const { trades } = driver.ok<{ trades: Readonly<Record<string, View>> }>('TradesHistory', {
      ledgers: true,
    });
    const files = unzipped(driver, id);
    expect(Object.keys(files)).toEqual(['trades.csv']);
    const [head, ...rows] = files['trades.csv'] ?? [];
    expect(head?.join()).toBe(
      'txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers',
    );
    expect(rows).toHaveLength(3);
    expect(rows.map(([txid]) => txid)).toEqual(Object.keys(trades).toReversed());
    for (const row of rows) {
      const trade = trades[row[0] ?? ''];
      const time = new Date(Number(trade?.['time']) * 1000).toISOString().replace('T', ' ').replace('Z', '0');
      expect(row).toEqual([
        row[0],
        ...['ordertxid', 'pair'].map((name) => trade?.[name]),
        time,
        ...['type', 'ordertype', 'price', 'cost', 'fee', 'vol', 'margin', 'misc'].map(
          (name) => trade?.[name],
        ),
        String(trade?.['ledgers']),
      ]);
    }
  });

  test('gives the rows of the ledger as Ledgers shows them', () => {
    const driver = traded();
    driver.ok('Withdraw', { asset: 'XBT', key: 'a', amount: '0.5' });
    const [head, ...rows] = rowsOf(driver, { report: 'ledgers' });
    expect(head?.join()).toBe('txid,refid,time,type,subtype,aclass,asset,wallet,amount,fee,balance');
    const { ledger } = driver.ok<{ ledger: Readonly<Record<string, View>> }>('Ledgers');
    expect(rows.map(([txid]) => txid)).toEqual(Object.keys(ledger).toReversed());
    expect(rows.map((row) => row.slice(-3))).toEqual(
      rows.map(([txid]) => ['amount', 'fee', 'balance'].map((name) => ledger[txid ?? '']?.[name])),
    );
    expect(rows.at(-1)?.slice(2, 8)).toEqual(
      '2026-11-22 12:58:36|withdrawal||currency|XXBT|spot / main'.split('|'),
    );
  });

  test('writes text in quotes and numbers without, the separator the format’s', () => {
    const driver = traded();
    const read = (params: object): string => {
      const id = ask(driver, params);
      driver.wait(3_000);
      const { file } = driver.json('RetrieveExport', { id });
      return Object.values(unzipSync(file ?? new Uint8Array())).map((bytes) => strFromU8(bytes))[0] ?? '';
    };
    expect(read({ fields: 'misc,price,time' }).split('\n')[1]).toMatch(
      /^"T[-\w]+","XXBTZUSD","2026-11-22 12:55:36\.0000","buy",50000\.10000,""$/,
    );
    expect(read({ fields: 'price', format: 'TSV' }).split('\n')[0]).toBe('"txid"\t"pair"\t"type"\t"price"');
  });

  test('covers the time that was asked for, both ends included, and nothing later than the asking', () => {
    const driver = traded();
    const seconds = startMs / 1000;
    const times = (params: object): unknown => rowsOf(driver, { fields: 'time', ...params }).length - 1;
    expect(times({})).toBe(3);
    expect(times({ starttm: seconds + 60 })).toBe(2);
    expect(times({ endtm: seconds + 60 })).toBe(2);
    expect(times({ starttm: seconds + 61, endtm: seconds + 119 })).toBe(0);
    expect(times({ starttm: seconds + 60, endtm: seconds + 60 })).toBe(1);
    const id = ask(driver, { endtm: seconds + 86_400 });
    driver.order({ ordertype: 'market' });
    driver.wait(3_000);
    expect(Object.values(unzipped(driver, id))[0]).toHaveLength(1 + 3);
  });

  test('gives the same bytes each time', () => {
    const driver = traded();
    const id = ask(driver);
    driver.wait(3_000);
    const read = (): Uint8Array | undefined => driver.json('RetrieveExport', { id }).file;
    expect(read()).toEqual(read());
  });

  test('is refused before the report is processed, and to every other account', () => {
    const driver = traded();
    const id = ask(driver);
    driver.wait(2_999);
    expect(driver.error('RetrieveExport', { id })).toBe('EExport:Not ready');
    driver.wait(1);
    expect(driver.error('RetrieveExport', { id })).toBeUndefined();
    driver.account = 'USER_1';
    expect(driver.error('RetrieveExport', { id })).toBe('EGeneral:Invalid arguments:id');
    expect(driver.error('RetrieveExport')).toBe('EGeneral:Invalid arguments:id');
    expect(driver.error('RetrieveExport', { id: 'ZZZZ' })).toBe('EGeneral:Invalid arguments:id');
  });

  test('tells of the orders and transfers in it, where it has a column for them', () => {
    const driver = new Driver();
    const txid = driver.order({ ordertype: 'market' });
    const { refid } = driver.ok<{ refid: string }>('Withdraw', { asset: 'XBT', key: 'a', amount: '0.5' });
    const told = (params: object): readonly string[] | undefined => {
      const id = ask(driver, params);
      driver.wait(3_000);
      return driver.json('RetrieveExport', { id }).tellsOf;
    };
    expect(told({})).toEqual([txid]);
    expect(told({ fields: 'price' })).toEqual([]);
    expect(told({ report: 'ledgers' })).toEqual(expect.arrayContaining([txid, refid]));
    expect(told({ report: 'ledgers', fields: 'fee' })).toEqual([]);
  });
});

describe('RemoveExport', () => {
  test('cancels a report that is not processed, and deletes one that is', () => {
    const driver = new Driver();
    const [first, second] = [ask(driver), ask(driver)];
    expect(driver.error('RemoveExport', { id: first, type: 'delete' })).toBe('EGeneral:Invalid arguments:id');
    expect(driver.ok('RemoveExport', { id: first, type: 'cancel' })).toEqual({ cancel: true });
    driver.wait(3_000);
    expect(driver.error('RemoveExport', { id: second, type: 'cancel' })).toBe(
      'EGeneral:Invalid arguments:id',
    );
    expect(driver.error('RemoveExport', { id: second })).toBe('EGeneral:Invalid arguments:type');
    expect(driver.error('RemoveExport', { id: second, type: 'burn' })).toBe(
      'EGeneral:Invalid arguments:type',
    );
    expect(driver.ok('RemoveExport', { id: second, type: 'delete' })).toEqual({ delete: true });
    expect(statuses(driver)).toEqual([]);
    for (const id of [first, second])
      expect(driver.error('RemoveExport', { id, type: 'delete' })).toBe('EGeneral:Invalid arguments:id');
  });

  test('leaves the reports of other accounts alone', () => {
    const driver = new Driver();
    const id = ask(driver);
    driver.account = 'USER_1';
    expect(driver.error('RemoveExport', { id, type: 'cancel' })).toBe('EGeneral:Invalid arguments:id');
  });
});

describe('reports', () => {
  test('are forgotten after two weeks', () => {
    const driver = new Driver();
    const id = ask(driver);
    driver.wait(14 * 86_400_000 - 1);
    expect(driver.error('RetrieveExport', { id })).toBeUndefined();
    driver.wait(1);
    expect(driver.error('RetrieveExport', { id })).toBe('EGeneral:Invalid arguments:id');
    expect(statuses(driver)).toEqual([]);
  });

  test('are kept up to a number, over all accounts; the oldest goes first', () => {
    const driver = new Driver({ exportsMax: 2 });
    const [, second, third] = [ask(driver), ask(driver), ask(driver)];
    expect(statuses(driver).map(({ id }) => id)).toEqual([third, second]);
    driver.account = 'USER_1';
    ask(driver);
    driver.account = 'MASTER';
    expect(statuses(driver).map(({ id }) => id)).toEqual([third]);
  });

  test('are gone after a reset', () => {
    const driver = new Driver();
    ask(driver);
    driver.venue.reset();
    expect(statuses(driver)).toEqual([]);
  });
});
