import { expect, test } from 'vitest';
import { generateCredentials } from './credentials.ts';
import { keyFingerprint } from '../key-fingerprint.ts';

test('MASTER comes first, and every account has a key of 56 characters and a secret of 64 bytes', () => {
  const accounts = generateCredentials({ users: 3, seed: 1 });
  expect(accounts.map(({ account }) => account)).toEqual(['MASTER', 'USER_1', 'USER_2']);
  expect(new Set(accounts.map(({ apiKey }) => apiKey)).size).toBe(3);
  for (const { apiKey, apiSecret } of accounts) {
    expect(apiKey).toHaveLength(56);
    expect(Buffer.from(apiSecret, 'base64')).toHaveLength(64);
  }
});

test('the seed fixes them', () => {
  expect(generateCredentials({ users: 2, seed: 1 })).toEqual(generateCredentials({ users: 2, seed: 1 }));
  expect(generateCredentials({ users: 2, seed: 1 })).not.toEqual(generateCredentials({ users: 2, seed: 2 }));
});

test('a fingerprint is short, stable, and no part of the key', () => {
  const [master] = generateCredentials({ users: 1, seed: 1 });
  const fingerprint = keyFingerprint(master?.apiKey ?? '');
  expect(fingerprint).toMatch(/^[0-9a-f]{12}$/);
  expect(master?.apiKey).not.toContain(fingerprint);
});
