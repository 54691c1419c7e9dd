import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import type { SourceState } from '../judge/history/index.ts';

/** Where and how {@link readSourceState} asks. */
export interface SourceQuestion {
  /** The target's folder, absolute. */
  readonly folder: string;
  /** Folders and files that are not looked at, absolute: nonceproof's own evidence does not make a folder dirty. */
  readonly except: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the questions early. */
  readonly signal?: AbortSignal | undefined;
  /** How long each of the two questions may take. Default {@link GIT_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
}

/** Git answers in milliseconds; in a very large repository it reads the state of every file. */
const GIT_TIMEOUT_MS = 5_000;

/**
 * Asks Git which commit a folder is at, and whether it has changes. Nothing is said, and nothing fails, where there is
 * no Git, no repository or no commit, or where Git does not answer in time.
 *
 * The folder is not trusted: no hook of it and no file system monitor is run, nothing is fetched, nothing is written.
 * The environment has none of Git's own variables, which would name another repository, and no credential. A folder
 * whose files go through a filter of its own configuration (`filter.<name>.clean`) can run that filter; it is started
 * as the target is, with less in its environment.
 */
export async function readSourceState(question: SourceQuestion): Promise<SourceState | undefined> {
  if (isInstalled(question.folder)) return undefined;
  const place = await git(question, ['rev-parse', '--verify', '--show-toplevel', 'HEAD^{commit}']);
  const [root = '', commit = ''] = place.text.trim().split('\n');
  if (!place.isWhole || !COMMIT.test(commit)) return undefined;
  const status = await git(question, [...STATUS, '--', ':/', ...(await exceptions(root, question))]);
  // The first line suffices; there may be a million.
  const dirty = status.text === '' ? (status.isWhole ? false : undefined) : true;
  return dirty === undefined ? { commit } : { commit, dirty };
}

/** What a package manager has put there is no part of the commit that the folder above it is at. */
function isInstalled(folder: string): boolean {
  return folder.split(/[\\/]/).includes('node_modules');
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Settings of a repository must hide nothing. */
const STATUS = ['status', '--porcelain', '--untracked-files=normal', '--ignore-submodules=none'];

/** @param root - of the repository, without links in its path */
async function exceptions(root: string, { except }: SourceQuestion): Promise<readonly string[]> {
  const places = await Promise.all(except.map((place) => realpath(place).catch(() => place)));
  return places
    .map((place) => relative(root, place))
    .filter((path) => path !== '' && !path.startsWith('..'))
    .map((path) => `:(top,exclude,literal)${path}`);
}

/** No program that the repository names is started. */
const SAFELY = [
  '--no-optional-locks',
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'protocol.allow=never'].flatMap((setting) => [
    '-c',
    setting,
  ]),
];

/** All that Git needs of an environment. */
const VARIABLES = ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SystemRoot', 'TMPDIR', 'TEMP'];

function environment(env: SourceQuestion['env']): NodeJS.ProcessEnv {
  const kept = VARIABLES.map((name) => [name, env[name]] as const).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' };
}

interface Answer {
  /** The beginning of what Git printed. */
  readonly text: string;
  /** Git ended by itself, with status 0. */
  readonly isWhole: boolean;
}

const ANSWER_CHARS_MAX = 8_192;

/** Returns when Git has ended, has printed {@link ANSWER_CHARS_MAX} characters, or is at its time limit. */
async function git(question: SourceQuestion, words: readonly string[]): Promise<Answer> {
  const { folder, env, signal, timeoutMs = GIT_TIMEOUT_MS } = question;
  const child = spawn('git', [...SAFELY, '-C', folder, ...words], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  let text = '';
  const isWhole = await new Promise<boolean>((resolve) => {
    const giveUp = (): void => resolve(false);
    limit.addEventListener('abort', giveUp);
    if (limit.aborted) giveUp();

    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length >= ANSWER_CHARS_MAX) giveUp();
    });
    child.once('error', giveUp);
    child.once('close', (status) => resolve(status === 0));
  });
  child.stdout.destroy();
  end(child);
  return { text, isWhole };
}

/** Ends what may still run, with all that it started. */
function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
