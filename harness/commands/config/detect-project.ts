import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a folder tells of itself. */
export interface Project {
  /** The bot, as a command; `null` when it cannot be told. */
  readonly command: readonly string[] | null;
  /** Why that command, in words. */
  readonly because: string;
  readonly language: Language;
  /** Commands that install what the bot needs; empty when nothing says. */
  readonly install: readonly string[];
  /** nonceproof is among the project's own packages. */
  readonly hasNonceproof: boolean;
  readonly isTypescript: boolean;
}

export type Language = 'node' | 'python' | 'go' | 'rust' | 'other';

/** Looks around in a folder. Reads files, runs nothing. */
export function detectProject(folder: string): Project {
  const has = (name: string): boolean => existsSync(join(folder, name));
  const manifest = readManifest(join(folder, 'package.json'));
  const found = findCommand(has, manifest);
  return {
    ...(found ?? { command: null, because: '', language: manifest === null ? 'other' : 'node' }),
    install: INSTALLS.filter(([file]) => has(file))
      .slice(0, 1)
      .map(([, install]) => install),
    hasNonceproof: [manifest?.dependencies, manifest?.devDependencies].some(
      (packages) => packages?.['nonceproof'],
    ),
    isTypescript: has('tsconfig.json'),
  };
}

interface Manifest {
  readonly main?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** By the lock file that is there, the surest first. */
const INSTALLS: readonly (readonly [string, string])[] = [
  ['package-lock.json', 'npm ci'],
  ['pnpm-lock.yaml', 'corepack pnpm install --frozen-lockfile'],
  ['yarn.lock', 'corepack yarn install --immutable'],
  ['package.json', 'npm install'],
  ['uv.lock', 'uv sync --frozen'],
  ['poetry.lock', 'poetry install'],
  ['requirements.txt', 'python3 -m pip install -r requirements.txt'],
  ['pyproject.toml', 'python3 -m pip install .'],
  ['go.mod', 'go build ./...'],
  ['Cargo.toml', 'cargo build --release'],
];

/** Files that are called like a bot, and what runs them. */
const ENTRIES: readonly (readonly [string, Language, readonly string[]])[] = [
  ...['bot', 'main', 'app', 'trader'].map((name) => [`${name}.py`, 'python', ['python3']] as const),
  ...['bot', 'main', 'index', 'app', 'trader'].flatMap((name) =>
    ['mjs', 'js', 'cjs'].map((extension) => [`${name}.${extension}`, 'node', ['node']] as const),
  ),
];

type Found = Pick<Project, 'command' | 'because' | 'language'>;

function findCommand(has: (name: string) => boolean, manifest: Manifest | null): Found | null {
  if (manifest?.scripts?.['start'] !== undefined) {
    return {
      command: ['npm', 'start', '--silent'],
      because: 'package.json has a script "start"',
      language: 'node',
    };
  }
  const bin = typeof manifest?.bin === 'string' ? manifest.bin : Object.values(manifest?.bin ?? {})[0];
  const entry = bin ?? manifest?.main;
  if (entry !== undefined && has(entry)) {
    return { command: ['node', entry], because: `package.json names ${entry}`, language: 'node' };
  }
  const file = ENTRIES.find(([name]) => has(name));
  if (file !== undefined) {
    const [name, language, runner] = file;
    return { command: [...runner, name], because: `there is a ${name}`, language };
  }
  if (has('go.mod') && has('main.go'))
    return { command: ['go', 'run', '.'], because: 'there is a main.go', language: 'go' };
  if (has('Cargo.toml')) {
    return {
      command: ['cargo', 'run', '--release', '--quiet'],
      because: 'there is a Cargo.toml',
      language: 'rust',
    };
  }
  return null;
}

/** `null` when there is none, or none that can be read. */
function readManifest(file: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch {
    return null;
  }
}
