import { describe, expect, it } from 'vitest';
import type { ClientCall } from '../../judge/history/index.ts';
import { recordCalls } from './call-recorder.ts';
import type { TargetClient } from './client-module.ts';

function record(client: TargetClient) {
  const log: ClientCall[] = [];
  let now = 0;
  const call = recordCalls({
    client,
    nowMs: () => (now += 1),
    onCall: (entry) => log.push(entry),
    tagPrefix: 'p0-',
  });
  return { log, call };
}

describe('recordCalls', () => {
  it('records a call when it is asked for and again when it succeeded, with the order ids', async () => {
    const { log, call } = record({ call: async () => ({ txid: ['OAAAAA'] }) });
    await call('MASTER', 'AddOrder', {});
    const asked = { tag: 'p0-1', account: 'MASTER', method: 'AddOrder', askedMs: 1, error: null };
    expect(log).toEqual([
      { ...asked, settledMs: null, outcome: 'unsettled', txids: [] },
      { ...asked, settledMs: 2, outcome: 'succeeded', txids: ['OAAAAA'] },
    ]);
  });

  it('records how many orders a cancel says that it closed', async () => {
    const results: unknown[] = [{ count: 0 }, { count: 2 }, { count: '1' }, null];
    const { log, call } = record({ call: async () => results.shift() });
    for (let n = 0; n < 4; n += 1) await call('MASTER', 'CancelOrder', {});
    const told = log.filter(({ outcome }) => outcome === 'succeeded');
    expect(told.map(({ toldCount }) => toldCount)).toEqual([0, 2, undefined, undefined]);
  });

  it('records a failure and passes it on', async () => {
    const { log, call } = record({
      call: () => Promise.reject(new Error('EAPI:Invalid nonce')),
    });
    await expect(call('USER_1', 'Balance', {})).rejects.toThrow('EAPI:Invalid nonce');
    expect(log[1]).toMatchObject({ outcome: 'failed', error: 'EAPI:Invalid nonce' });
  });

  it.each([
    ['not-executed', 'not-executed'],
    ['unknown', 'unknown'],
    ['who knows', undefined],
  ])('takes an error that says %s at its word: %s', async (outcome, toldOutcome) => {
    const { log, call } = record({ call: () => Promise.reject(Object.assign(new Error('no'), { outcome })) });
    await expect(call('USER_1', 'AddOrder', {})).rejects.toThrow('no');
    expect(log[1]?.toldOutcome).toBe(toldOutcome);
  });

  it('sends a tag of its own with every call and leaves the params alone', async () => {
    const sent: unknown[] = [];
    const { call } = record({
      call: async (_account, _method, params) => sent.push(params['nonceproof_call']),
    });
    const params = Object.freeze({ pair: 'XBTUSD' });
    await Promise.all([call('MASTER', 'AddOrder', params), call('MASTER', 'AddOrder', params)]);
    expect(sent).toEqual(['p0-1', 'p0-2']);
  });

  it('leaves a call that never settles unsettled', async () => {
    const { log, call } = record({ call: () => new Promise(() => undefined) });
    void call('MASTER', 'Balance', {});
    await Promise.resolve();
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ outcome: 'unsettled' });
  });
});
