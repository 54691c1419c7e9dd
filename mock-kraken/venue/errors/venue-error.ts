/** Something asked of the venue by whoever runs it, not by a client, that it cannot do. */
export class VenueError extends Error {
  /** Stable identifier. */
  readonly code:
    'unknown_pair' | 'bad_pair' | 'unknown_asset' | 'unknown_account' | 'bad_amount' | 'account_open';

  constructor(code: VenueError['code'], message: string) {
    super(message);
    this.name = 'VenueError';
    this.code = code;
  }
}
