/**
 * `npm run check:layout`: the folders of `src`, `mock-kraken` and `harness` import each other one way only, and only
 * through their `index.ts`. Prints each import that does not, and each cycle.
 *
 * A file may import its neighbours, the files of the folders above it, and the `index.ts` of any other folder. The files
 * at the top of the three folders count one by one: some are below everything else (`errors.ts`), some above
 * (`kraken-client.ts`). Tests may import what they test.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const TOP_FOLDERS = ['src', 'mock-kraken', 'harness'];
const TEST_FILE = /\.(?:test|test-support)\.ts$|\/testing\//;

/** Entries of the package that are no folder's `index.ts`. */
const ENTRIES = new Set(['mock-kraken/adapters/msw.ts']);

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = execFileSync('git', ['ls-files', '--', ...TOP_FOLDERS], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file.endsWith('.ts') && !TEST_FILE.test(file));

const imports = files.flatMap((from) => importsOf(from, readFileSync(from, 'utf8')));
const pastTheIndex = imports.filter(({ from, to }) => !isAllowed(from, to));
const cycles = cyclesIn(graphOf(imports));

for (const { from, to } of pastTheIndex) console.log(`${from} imports ${to}: use ${dirname(to)}/index.ts`);
for (const cycle of cycles) console.log(`These import each other: ${cycle.join(', ')}`);
const roomCount = new Set(files.map(roomOf)).size;
console.log(
  `${imports.length} imports between ${roomCount} folders and files at the top; ${cycles.length} cycles, ${pastTheIndex.length} past an index.ts`,
);
process.exitCode = cycles.length + pastTheIndex.length > 0 ? 1 : 0;

/** Returns what a file imports from other rooms of the house. */
function importsOf(from: string, source: string): Import[] {
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+\.ts)'/g)]
    .map(({ 1: specifier = '' }) => ({ from, to: join(dirname(from), specifier) }))
    .filter(({ to }) => roomOf(from) !== roomOf(to));
}

function isAllowed(from: string, to: string): boolean {
  return basename(to) === 'index.ts' || ENTRIES.has(to) || isInside(dirname(from), dirname(to));
}

function isInside(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(`${other}/`);
}

/** Returns the folder of a file; at the top, the file itself. */
function roomOf(file: string): string {
  const folder = dirname(file);
  return TOP_FOLDERS.includes(folder) ? file : folder;
}

function graphOf(edges: readonly Import[]): ReadonlyMap<string, ReadonlySet<string>> {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    if (!graph.has(roomOf(from))) graph.set(roomOf(from), new Set());
    graph.get(roomOf(from))?.add(roomOf(to));
  }
  return graph;
}

/** Returns the strongly connected components of more than one room: Tarjan's algorithm. */
function cyclesIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (room: string): number => {
    const number = numbers.size;
    numbers.set(room, number);
    lowest.set(room, number);
    stack.push(room);
    for (const next of graph.get(room) ?? []) {
      const reached = numbers.has(next) ? (stack.includes(next) ? lowest.get(next) : undefined) : visit(next);
      if (reached !== undefined) lowest.set(room, Math.min(lowest.get(room) ?? number, reached));
    }
    if (lowest.get(room) === number) {
      const cycle = stack.splice(stack.indexOf(room));
      if (cycle.length > 1) cycles.push(cycle.sort());
    }
    return lowest.get(room) ?? number;
  };
  for (const room of graph.keys()) if (!numbers.has(room)) visit(room);
  return cycles;
}
