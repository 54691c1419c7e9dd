import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateCredentials } from '../../mock-kraken/index.ts';
import { signatureSpellings, spellingsOf } from '../redaction/spellings.test-support.ts';
import { judgeRun } from '../run/index.ts';
import { observeRun } from '../run/index.ts';
import { DEFAULT_RUN } from '../run/index.ts';
import type { RunOptions } from '../run/index.ts';
import { announce } from './announce.ts';
import type { CommandContext } from './command.ts';
import { openEvidence } from './evidence.ts';
import { traceEnd } from './trace-end.ts';
import { traceHeader } from './trace-header.ts';
import type { LeakingTarget } from './leaking-targets.test-support.ts';

const USERS = 3;
/** Parts of a spelling that are looked for: shorter ones are of no use, and may be left. */
const PART_CHARS = 24;

/** Credentials of the user's own, which the target must not get, and nonceproof may not show. */
const [OWN_KEY = '', OWN_SECRET = ''] = credentials(1, 7_777);

/** What a run wrote. */
export interface LeakingRun {
  /** Name of the file or stream to its text. */
  readonly written: ReadonlyMap<string, string>;
  /** Each part of a credential that was found, with where. */
  readonly found: readonly string[];
}

/** Verifies a leaking target as `verify` does, and looks for all credentials in everything that is written. */
export async function leakingRun(target: LeakingTarget, wished: Partial<RunOptions>): Promise<LeakingRun> {
  const folder = mkdtempSync(join(tmpdir(), 'leaking-'));
  try {
    const settings = { ...DEFAULT_RUN, users: USERS, callsPerAccount: 2, timeoutMs: 60_000, ...wished };
    const own = [...credentials(USERS, settings.seed), OWN_KEY, OWN_SECRET];
    const spellings = own.flatMap((one) => spellingsOf(one).map(([, text]) => text));
    writeFileSync(join(folder, target.file), target.source);
    writeFileSync(join(folder, 'words'), spellings.join('\0'));
    const written = await verified(target, { settings, folder });
    const signatures = readFileSync(join(folder, 'signatures'), 'utf8').trim().split('\n');
    const signed = signatures.flatMap((one) => signatureSpellings(one).map(([, text]) => text));
    return { written, found: partsIn(written, [...spellings, ...signed]) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function credentials(users: number, seed: number): readonly string[] {
  return generateCredentials({ users, seed }).flatMap(({ apiKey, apiSecret }) => [apiKey, apiSecret]);
}

/** What `verify` writes, without the judge's trial: it takes ten times as long as all the rest. */
async function verified(
  { program, file }: LeakingTarget,
  { settings, folder }: { readonly settings: RunOptions; readonly folder: string },
): Promise<ReadonlyMap<string, string>> {
  const written = new Map<string, string>();
  const sink = (name: string): CommandContext['stdout'] => ({
    write: (text) => written.set(name, `${written.get(name) ?? ''}${text}`),
  });
  const out = join(folder, 'out');
  const context: CommandContext = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    cwd: folder,
    env: {
      ...process.env,
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: join(folder, 'out', 'summary.md'),
      KRAKEN_API_KEY: OWN_KEY,
      KRAKEN_API_SECRET: OWN_SECRET,
    },
    setExitStatus: () => undefined,
  };
  const evidence = await openEvidence({ out, junit: join(out, 'junit-too.xml') }, folder);
  const args = [file, 'words', OWN_SECRET];
  const target = { kind: 'command', title: [program, ...args].join(' '), command: program, args } as const;
  const observation = await observeRun(target, settings, context);
  const { verdict: judged, facts } = judgeRun({ target, settings }, observation, {
    reproduce: target.title,
    judgeLine: null,
    evidenceDir: evidence.shown,
    defects: [],
  });
  const header = traceHeader({ target, settings, originMs: observation.originMs, source: undefined });
  const end = traceEnd(observation, { settings, defects: [] });
  const contents = { verdict: judged, facts, observation, header, end, faults: settings.faults };
  const { verdict } = await evidence.write(contents);
  const { redactor } = observation;
  for (const format of ['text', 'json', 'tap'] as const)
    await announce({ verdict, facts, redactor }, format, context);
  for (const name of readdirSync(out)) written.set(name, readFileSync(join(out, name), 'utf8'));
  return written;
}

/** Every part of a spelling that is in a text: by looking, not by what takes it out. */
function partsIn(written: ReadonlyMap<string, string>, spellings: readonly string[]): readonly string[] {
  const parts = new Set(
    spellings.flatMap((spelled) =>
      Array.from({ length: Math.max(0, spelled.length - PART_CHARS + 1) }, (_, at) =>
        spelled.slice(at, at + PART_CHARS),
      ),
    ),
  );
  const found: string[] = [];
  for (const [name, text] of written) {
    for (let at = 0; at + PART_CHARS <= text.length; at += 1) {
      const part = text.slice(at, at + PART_CHARS);
      if (parts.has(part)) found.push(`${name} at ${at}: ${part}`);
    }
  }
  return found;
}
