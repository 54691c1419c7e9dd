import { EngineLimiter } from './engine-limiter.ts';
import type { LimitsSettings } from './limits-options.ts';
import { Lockout } from './lockout.ts';
import { PublicLimit } from './public-limit.ts';
import { RestCounter } from './rest-counter.ts';

/** Every limit of one exchange. */
export class Limits {
  readonly settings: LimitsSettings;
  readonly rest: RestCounter;
  readonly engine: EngineLimiter;
  readonly publicCalls: PublicLimit;
  readonly lockout: Lockout;

  constructor(settings: LimitsSettings) {
    this.settings = settings;
    this.rest = new RestCounter(settings);
    this.engine = new EngineLimiter(settings);
    this.publicCalls = new PublicLimit(settings);
    this.lockout = new Lockout(settings);
  }
}
