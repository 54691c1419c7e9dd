import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
let project = '';

/** What `npm install` of the packed package leaves behind: the build and its dependencies, and nothing else. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'installed-'));
  const modules = join(project, 'node_modules');
  const installed = join(modules, 'nonceproof');
  const description = readFileSync(join(ROOT, 'package.json'), 'utf8');
  cpSync(inject('compiled'), join(installed, 'dist'), { recursive: true });
  writeFileSync(join(installed, 'package.json'), description);
  for (const name of Object.keys((JSON.parse(description) as { dependencies: object }).dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'dir');
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'lane.ts'), LANE);
  writeFileSync(join(project, 'client.ts'), CLIENT);
});
afterAll(() => rmSync(project, { recursive: true }));

/** What only a translation can run: Node, where it strips types by itself, refuses an enum. */
const LANE = `
  export enum Pace { OneByOne = 'one by one' }
  export function createLane(pace: Pace) {
    let tail: Promise<unknown> = Promise.resolve();
    return <T>(work: () => Promise<T>): Promise<T> => {
      const result = pace === Pace.OneByOne ? tail.then(work) : work();
      tail = result.catch(() => undefined);
      return result;
    };
  }
`;

const CLIENT = `
  import { KrakenClient, createLocalCoordinator } from 'nonceproof';
  import type { ClientWorld, TargetClient } from 'nonceproof/harness';
  import { createLane, Pace } from './lane.ts';

  export function createClient(world: ClientWorld): TargetClient {
    const { clock, timers, transport, scope } = world;
    const runtime = { clock, timers };
    const coordinator = createLocalCoordinator({ runtime, scope });
    const clients = new Map(world.accounts.map(({ account, apiKey, apiSecret }) => [
      account,
      new KrakenClient({ apiKey, apiSecret, accountIdentifier: account, coordinator, runtime, transport }),
    ]));
    const enter = createLane(Pace.OneByOne);
    return {
      call: (account, method, params) => enter(() => clients.get(account)!.queryPrivate(method, params)),
    };
  }
`;

interface Ended {
  readonly status: number;
  readonly text: string;
}

/** Runs the installed program in the project's folder, with no help from this process. */
function nonceproof(...args: readonly string[]): Promise<Ended> {
  const program = join(project, 'node_modules/nonceproof/dist/harness/cli.js');
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], { cwd: project, env }, (error, stdout, stderr) => {
      const status = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
      done({ status, text: stdout + stderr });
    });
  });
}

describe('the installed package, without any development dependency,', () => {
  it('verifies a client module in TypeScript, in several processes and threads', async () => {
    const spread = ['--users', '2', '--calls', '8', '--processes', '2', '--threads', '2'];
    const { status, text } = await nonceproof('verify', ...spread, '--target', './client.ts');
    // Each has a lane of its own: that the calls overlap is what there is to see.
    expect(text).toContain('2 processes · 2 threads each');
    expect(text).toMatch(/violated +no-overlap/);
    expect(status).toBe(1);
  });

  it('explores one, on several threads', async () => {
    const search = ['--threads', '2', '--budget', '10s', '--faults', 'none', '--json'];
    const { status, text } = await nonceproof('explore', '--target', './client.ts', ...search);
    expect(JSON.parse(text)).toMatchObject({ verdict: 'held' });
    expect(status).toBe(0);
  });

  it('says in a sentence what is wrong with one that cannot be loaded', async () => {
    writeFileSync(join(project, 'broken.ts'), 'export const createClient: = 3;');
    const { status, text } = await nonceproof('explore', '--target', './broken.ts');
    expect(text).toContain('broken.ts');
    expect(text).not.toMatch(/\n\s+at /);
    expect(status).toBe(64);
  });
});
