import { describe, expect, it } from 'vitest';
import { NetworkLog } from './network-log.ts';

describe('what a target wanted from the network', () => {
  it('is told host by host, Kraken’s own apart', () => {
    const log = new NetworkLog();
    for (const host of ['example.com', 'example.com', 'ws.kraken.com']) log.refused({ host, port: 443 });
    expect(log.notes()).toEqual([
      'The target tried to reach ws.kraken.com:443: a host of Kraken’s that is not mocked. It was refused, as always, and what it would have done there was not judged.'.replace(
        '’',
        "'",
      ),
      'The target tried to reach example.com:443 (2 times): it was refused, for only Kraken is mocked. Allow other hosts with --allow-net.',
    ]);
  });

  it('names a few and counts the rest, whatever a target tries', () => {
    const log = new NetworkLog();
    for (let n = 0; n < 5_000; n += 1) log.refused({ host: `host-${n}.example`, port: 80 });
    expect(log.notes()).toHaveLength(1);
    expect(log.notes()[0]).toContain('host-4.example:80 and 995 other hosts (and 4000 further tries)');
  });

  it.each([
    [1, '1 request to the proxy came without the credentials of this run and was refused'],
    [2, '2 requests to the proxy came without the credentials of this run and were refused'],
  ])('counts what came to the proxy without credentials, %i times', (times, words) => {
    const log = new NetworkLog();
    for (let n = 0; n < times; n += 1) log.withoutCredentials();
    expect(log.notes().join()).toContain(words);
  });

  it('is nothing when there was nothing', () => {
    expect(new NetworkLog().notes()).toEqual([]);
  });
});
