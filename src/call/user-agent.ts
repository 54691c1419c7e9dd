/** Sent with every request: Kraken's documentation of 2023 requires the header, the present one recommends it. */
export const USER_AGENT = 'nonceproof';
