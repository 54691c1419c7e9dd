import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Plugin } from 'vitest/config';
import type { TestProject } from 'vitest/node';
import { BUNDLE_NAMES, makeBundle } from './harness/bundle.ts';

const ROOT = import.meta.dirname;
const CACHE = join(ROOT, 'node_modules', '.cache', 'nonceproof-tests');

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder with the build of this run: whole programs to start, laid out as the source is. */
    readonly compiled: string;
  }
}

/** What {@link compiled} takes. */
export interface CompiledOptions {
  /** Whether tests import the sources themselves, which a tool has changed. Default `false`. */
  readonly loadsSources?: boolean;
}

/** Where the build of this run of vitest is: a folder of its own, so that runs do not disturb each other. */
export const COMPILED: string = join(CACHE, String(process.pid));

/**
 * Lets tests import the project as it is published, instead of one module after the other through vitest: that
 * loads in a fraction of the time, and the programs which tests start find themselves built as well. Tests
 * themselves stay what they are; while vitest watches, so does everything, because it watches only what it loads
 * itself.
 */
export function compiled({ loadsSources = false }: CompiledOptions = {}): Plugin {
  let isWatching = false;
  return {
    name: 'nonceproof:compiled',
    enforce: 'pre',
    configureVitest({ vitest }) {
      isWatching = vitest.config.watch;
    },
    resolveId(source, importer) {
      if (isWatching || loadsSources || importer === undefined || !source.startsWith('.')) return null;
      const file = relative(ROOT, resolve(dirname(importer), source));
      const built = join(COMPILED, file.replace(/\.ts$/, '.js'));
      return file.endsWith('.ts') && existsSync(built) ? built : null;
    },
  };
}

/** Called by vitest before the first test. */
export async function setup(project: TestProject): Promise<void> {
  removeLeftOvers();
  await build();
  project.onTestsRerun(build);
}

/** Called by vitest when all tests are over. */
export function teardown(): void {
  rmSync(COMPILED, { recursive: true, force: true });
}

/** What `npm run build` makes and the tests' support, with the source in the maps, without asking about types. */
async function build(): Promise<void> {
  mkdirSync(COMPILED, { recursive: true });
  const project = join(COMPILED, 'tsconfig.json');
  writeFileSync(project, JSON.stringify(TYPESCRIPT));
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project]);
  for (const file of ['package.json', 'harness/judge/history/trace.schema.json']) {
    copyFileSync(join(ROOT, file), join(COMPILED, file));
  }
  await buildBundles();
}

const TYPESCRIPT: object = {
  extends: join(ROOT, 'tsconfig.build.json'),
  compilerOptions: {
    outDir: COMPILED,
    rootDir: ROOT,
    noCheck: true,
    declaration: false,
    isolatedDeclarations: false,
    sourceMap: false,
    inlineSourceMap: true,
    inlineSources: true,
  },
  include: ['src', 'mock-kraken', 'harness', 'properties'].map((folder) => join(ROOT, folder)),
  exclude: ['**/*.test.ts', '**/*.build.ts', 'harness/reports/html/page'].map((path) => join(ROOT, path)),
};

async function buildBundles(): Promise<void> {
  const folder = join(COMPILED, 'harness/bundles');
  mkdirSync(folder, { recursive: true });
  for (const name of BUNDLE_NAMES) {
    const { script, style } = await makeBundle(name);
    writeFileSync(join(folder, `${name}.js`), script);
    writeFileSync(join(folder, `${name}.css`), style);
  }
}

/** Of runs that were killed. */
function removeLeftOvers(): void {
  mkdirSync(CACHE, { recursive: true });
  for (const pid of readdirSync(CACHE)) {
    if (!isRunning(Number(pid))) rmSync(join(CACHE, pid), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
