import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { API, SymbolFlags } from 'typescript/unstable/sync';
import type { NodeHandle, Project } from 'typescript/unstable/sync';

/** The types that the package declares, read from its declaration files. */
export interface Declarations {
  /**
   * Returns the declaration of every name that an entry exports, by name, without comments.
   * @param types - as `package.json` says: `./dist/src/index.d.ts`
   */
  of(types: string): readonly string[];
  close(): void;
}

const ROOT = process.cwd();
const CACHE = join(ROOT, 'node_modules/.cache');

/** Builds the declaration files, without JavaScript and without checking, into a folder that `close` removes. */
export async function openDeclarations(entries: readonly string[]): Promise<Declarations> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'declarations-'));
  await build(folder);
  const files = entries.map((types) => fileOf(types, folder));
  const config = join(folder, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ ...READING, files }));
  const api = new API({ cwd: folder });
  const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
  if (project === undefined) throw new Error(`TypeScript did not open ${config}.`);
  return {
    of: (types) => exportsOf(project, fileOf(types, folder)),
    close() {
      api.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const READING = {
  extends: resolve('tsconfig.json'),
  compilerOptions: { declaration: false, isolatedDeclarations: false },
  include: [],
};

async function build(folder: string): Promise<void> {
  const config = join(folder, 'tsconfig.build.json');
  const compilerOptions = {
    outDir: folder,
    rootDir: ROOT,
    noCheck: true,
    emitDeclarationOnly: true,
    removeComments: true,
    sourceMap: false,
  };
  const include = ['src', 'mock-kraken', 'harness'].map((name) => resolve(name));
  const exclude = ['**/*.test.ts', '**/*.test-support.ts', '**/*.build.ts', 'harness/reports/html/page'];
  writeFileSync(
    config,
    JSON.stringify({
      extends: resolve('tsconfig.build.json'),
      compilerOptions,
      include,
      exclude: exclude.map((path) => resolve(path)),
    }),
  );
  await promisify(execFile)(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', config]);
}

function fileOf(types: string, folder: string): string {
  return join(folder, types.replace('./dist/', ''));
}

function exportsOf({ program, checker }: Project, file: string): readonly string[] {
  const source = program.getSourceFile(file);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} exports nothing.`);
  const byName = checker.getExportsOfModule(module).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return byName.map((symbol) => {
    const target = (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
    return [`// ${symbol.name}`, ...target.declarations.map(textOf)].join('\n');
  });
}

function textOf(declaration: NodeHandle): string {
  const node = declaration.resolve();
  if (node === undefined) throw new Error(`TypeScript did not find the declaration in ${declaration.path}.`);
  return node.getSourceFile().text.slice(node.getStart(), node.end);
}
