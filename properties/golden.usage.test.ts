import { expect, it } from 'vitest';
import { exactly } from './golden.test-support.ts';

/** What a user gets wrong, by verb; each ends with status 64. */
const MISTAKES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  program: [['frobnicate'], ['--frobnicate'], []],
  verify: [
    ['--users', '0'],
    ['--users', '1.5'],
    ['--calls', 'many'],
    ['--scope', 'universe'],
    ['--service-ms', '-1'],
    ['--processes', '65'],
    ['--threads', '0'],
    ['--coordinator', 'redis'],
    ['--nemesis', 'all'],
    ['--nemesis', 'gremlins', '--coordinator', 'postgres', '--processes', '2'],
    ['--processes', '2', '--per-account'],
    ['--threads', '2', '--', 'true'],
    ['--seed', '-1'],
    ['--timeout', '0'],
    ['--faults', 'gremlins'],
    ['--fault-plan', 'none.json'],
    ['--fault-plan', 'none.json', '--faults', 'network'],
    ['--out-mode', 'rwx'],
    ['--json', '--tap'],
    ['--control', 'unknown'],
    ['--control', 'no-lock', '--', 'true'],
    ['--target', './none.ts'],
    ['--config', 'none.json'],
    ['--frobnicate'],
    ['--', 'no-such-program-anywhere'],
  ],
  check: [
    [],
    ['none.ndjson'],
    ['none.ndjson', '--scope', 'x'],
    ['none.ndjson', '--accounts', '0'],
    ['--frobnicate'],
  ],
  controls: [['unknown'], ['--seed', 'x'], ['--frobnicate']],
  explore: [
    ['--users', '0'],
    ['--calls', '0'],
    ['--faults', 'gremlins'],
    ['--faults-max', '0'],
    ['--arrivals', 'never'],
    ['--strategy', 'luck'],
    ['--budget', 'soon'],
    ['--decisions', '-1'],
    ['--corpus', 'none.txt'],
    ['--control', 'unknown'],
    ['--control', 'no-lock', '--target', 'x.ts'],
    ['--target', './none.ts'],
    ['--model', 'redis'],
    ['--frobnicate'],
  ],
  replay: [
    [],
    ['np1_'],
    ['np9_AAAA'],
    ['np1_AQECKgAACmxlYXNlLWxvY2sVYDJQy22TtKb9AAAIv4Pu2h'],
    ['x', '--frobnicate'],
  ],
  report: [[], ['nowhere'], ['nowhere', '--scope', 'x'], ['nowhere', '--out-mode', 'rwx']],
  mock: [
    ['--port', '70000'],
    ['--users', '0'],
    ['--limits', 'maybe'],
    ['--faults', 'clock'],
    ['--fault-plan', 'none.json'],
    ['--frobnicate'],
  ],
  init: [[], ['--frobnicate']],
};

it.for(Object.entries(MISTAKES))('bad usage of %s', async ([verb, mistakes]) => {
  const told: string[] = [];
  for (const words of mistakes) told.push(await exactly(verb === 'program' ? words : [verb, ...words]));
  await expect(told.join('\n')).toMatchFileSnapshot(`golden/usage/${verb}.txt`);
});
