import { krakenVariable } from '../run/intercept/index.ts';

/** The values in an environment whose names say that they give access to Kraken: perhaps a user's real ones. */
export function environmentCredentials(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value === undefined || krakenVariable(name) === undefined ? [] : [value],
  );
}
