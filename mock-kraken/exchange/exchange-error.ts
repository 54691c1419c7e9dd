/** Something asked of an exchange by whoever runs it, not by a client, that it cannot do. */
export class ExchangeError extends Error {
  /**
   * - `calls_in_service`: a reset would mix the calls in service into the next history
   * - `venue_not_made_here`: the venue was handed in ready, so no fresh one can be made
   * - `venue_without_controls`: the venue that was handed in cannot be moved from outside
   * - `account_exists`: an account or an API key of that name is there already
   */
  readonly code: 'calls_in_service' | 'venue_not_made_here' | 'venue_without_controls' | 'account_exists';

  constructor(code: ExchangeError['code'], message: string) {
    super(message);
    this.name = 'ExchangeError';
    this.code = code;
  }
}
