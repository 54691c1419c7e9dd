import { count } from '../../format.ts';

/** How far the target got. */
export interface Reached {
  /** Calls of any kind that reached the mock, over whatever way. */
  readonly calls: number;
  readonly connections: number;
  readonly handshakesFailed: number;
}

/** Says why nothing, or not everything, may have reached the mock. */
export function explainNoTraffic({ calls, connections, handshakesFailed }: Reached): readonly string[] {
  if (handshakesFailed > 0) {
    return [
      `${count(handshakesFailed, 'connection')} to api.kraken.com ended during the TLS handshake: the target trusts neither ` +
        'SSL_CERT_FILE nor the other usual variables (it may bring its own authorities, or pin a certificate). ' +
        'Give it a setting for them, or for the base URL, and fill it from KRAKEN_API_URL.',
    ];
  }
  if (calls > 0) return [];
  if (connections > 0) {
    return [
      `${count(connections, 'connection')} to api.kraken.com came through the TLS handshake, and no request followed: the target may check ` +
        'the certificate only then, as wget and git do where they use GnuTLS, and trust neither SSL_CERT_FILE nor the other usual ' +
        'variables. Give it a setting for its authorities, or for the base URL, and fill it from KRAKEN_API_URL.',
    ];
  }
  return [
    'Nothing of the target reached the mock: neither http at KRAKEN_API_URL nor https through the proxy. If it did call, it ignores ' +
      'HTTPS_PROXY, and went out to the network past nonceproof: have it use the proxy of its environment (aiohttp: trust_env=True), ' +
      'or take its base URL from KRAKEN_API_URL.',
  ];
}
