import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { perKey } from './support/index.ts';
import { createWire } from './support/index.ts';

/** The library writes into what the caller keeps. */
export const control: Control = {
  id: 'params-reused',
  defect:
    "writes the nonce into the caller's params and keeps one that is there: params used twice repeat it",
  origin: 'kraken-api 1.0.2: `if (!params.nonce) params.nonce = …` on the object it was given',
  rule: 'nonce-reused',
  setting: { users: 5, calls: 6 },
};

export function createClient(world: ClientWorld): TargetClient {
  const library = createLibrary(world);
  const keptFor = perKey((_use: string): Record<string, unknown> => ({}));
  return {
    // The bot's side: one params object per account and method, brought up to date for each call.
    call(account, method, params) {
      const kept = Object.assign(keptFor(`${account} ${method}`), params);
      return library(account, method, kept);
    },
  };
}

type Library = (account: string, method: string, params: Record<string, unknown>) => Promise<unknown>;

function createLibrary(world: ClientWorld): Library {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return (account, method, params) => {
    params['nonce'] ??= String(nextNonce());
    const request = wire.sign({ account, method, params }, String(params['nonce']));
    return lock(() => wire.send(request));
  };
}
