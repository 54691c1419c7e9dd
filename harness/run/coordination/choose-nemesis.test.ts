import { expect, it } from 'vitest';
import { UsageError } from '../../usage-error.ts';
import { chooseNemesis } from './choose-nemesis.ts';
import { NEMESIS_KINDS } from './nemesis.ts';

const SHARING = { processes: 4, coordinator: 'postgres' } as const;

it('takes all kinds, or those that are named', () => {
  expect(chooseNemesis('all', SHARING)).toEqual(NEMESIS_KINDS);
  expect(chooseNemesis('kill,cut', SHARING)).toEqual(['kill', 'cut']);
});

it('refuses kinds that there are not', () => {
  expect(() => chooseNemesis('kill,flood', SHARING)).toThrow(UsageError);
  expect(() => chooseNemesis('kill,flood', SHARING)).toThrow(/there is no "flood"/);
});

it('refuses a run in which there is nothing to break', () => {
  expect(() => chooseNemesis('all', { ...SHARING, processes: 1 })).toThrow(UsageError);
  expect(() => chooseNemesis('all', { ...SHARING, processes: undefined })).toThrow(UsageError);
  expect(() => chooseNemesis('all', { ...SHARING, coordinator: 'threads' })).toThrow(UsageError);
  expect(() => chooseNemesis('all', { ...SHARING, coordinator: undefined })).toThrow(UsageError);
});
