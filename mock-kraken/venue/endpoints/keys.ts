import type { KeyInfo } from '../../venue-interface.ts';
import { answer, type PrivateEndpoint } from './endpoint-context.ts';
import { hash32 } from '../market/index.ts';
import { wholeSeconds } from '../market/index.ts';

/** Seconds within which a websocket token must be used (Kraken's GetWebSocketsToken page: 15 minutes). */
const tokenLifeS = 900;

/** `GetWebSocketsToken`: looks like one; there is no websocket to use it with. */
export const getWebSocketsToken: PrivateEndpoint = ({ settings, ids, atMs }) => {
  const number = [...ids.next('W')].reduce((sum, letter) => hash32(sum, letter.charCodeAt(0)), settings.seed);
  const bytes = Uint32Array.from({ length: 8 }, (_, index) => hash32(settings.seed, index, atMs, number));
  return answer({ token: Buffer.from(bytes.buffer).toString('base64url'), expires: tokenLifeS });
};

/**
 * `GetApiKeyInfo`. All values are text, times are UNIX seconds and 0 means none. The case of the names is
 * disputed: Kraken's page shows `nonceWindow`, recorded answers show `nonce_window`; see `VenueOptions.keyInfoCase`.
 */
export const getApiKeyInfo: PrivateEndpoint = ({ settings, purse, request }) => {
  const info = settings.keyInfo?.(purse.account, request) ?? placeholder(purse.account);
  const shown = view(info);
  return answer(settings.keyInfoCase === 'snake' ? shown : camelCased(shown));
};

function view(info: KeyInfo): Readonly<Record<string, unknown>> {
  const time = (ms: number | null): string => String(wholeSeconds(ms ?? 0));
  return {
    api_key_name: info.name,
    api_key: info.apiKey,
    nonce: info.nonce,
    nonce_window: info.nonceWindow,
    permissions: info.permissions,
    iban: 'AA00 N000 0000 0000',
    valid_until: time(info.validUntilMs),
    query_from: '0',
    query_to: '0',
    created_time: time(info.createdMs),
    modified_time: time(info.createdMs),
    ip_allowlist: info.ipAllowlist,
    last_used: time(info.lastUsedMs),
  };
}

function camelCased(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const camel = (name: string): string =>
    name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [camel(name), value]));
}

/** What is shown when nobody told the venue about keys. */
function placeholder(account: string): KeyInfo {
  return {
    name: account,
    apiKey: '',
    nonce: '0',
    nonceWindow: '0',
    permissions: [],
    validUntilMs: null,
    createdMs: 0,
    lastUsedMs: 0,
    ipAllowlist: [],
  };
}
