import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Most files that one fingerprint covers. */
const FILES_MAX = 5_000;

/**
 * Eight hex digits of the code that a run depends on: the target's module with all that it imports by relative
 * path, the versions of the packages that those import, and the toolkit's own code below `explore`. Two runs
 * with the same fingerprint ran the same code, as far as text can tell; what a module loads by a name that is
 * computed is not seen.
 * @param targetUrl - file URL; `null` when the target is no file
 */
export function codeFingerprint(targetUrl: string | null): string {
  const digest = createHash('sha256');
  const entries = [...toolkitFiles(), ...(targetUrl === null ? [] : [fileURLToPath(targetUrl)])];
  for (const text of reachableTexts(entries)) digest.update(`${text.length}:${text}`);
  return digest.digest('hex').slice(0, 8);
}

/** What decides over a run beside the target: this folder's parent, whose imports lead to everything else. */
function toolkitFiles(): readonly string[] {
  const folder = new URL('../world/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts') && !name.includes('.test'))
    .map((name) => fileURLToPath(new URL(name, folder)));
}

/** The texts of the files and of what they import, in an order that does not depend on where they are. */
function reachableTexts(entries: readonly string[]): readonly string[] {
  const texts = new Map<string, string>();
  const open = [...entries];
  for (let path = open.pop(); path !== undefined && texts.size < FILES_MAX; path = open.pop()) {
    if (texts.has(path)) continue;
    const text = readText(path);
    texts.set(path, text + packageVersions(text, path));
    open.push(...relativeImports(text, path));
  }
  return [...texts.values()].sort();
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

const IMPORT = /(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g;

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map(([, name]) => name ?? '');
}

const EXTENSIONS = ['', '.ts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

function relativeImports(text: string, path: string): readonly string[] {
  const base = new URL(`file://${path}`);
  return importsOf(text)
    .filter((name) => name.startsWith('.'))
    .flatMap((name) => {
      const target = fileURLToPath(new URL(name, base));
      const found = EXTENSIONS.map((extension) => target + extension).find(isFile);
      return found === undefined ? [] : [found];
    });
}

function isFile(path: string): boolean {
  return /\.\w+$/.test(path) && existsSync(path);
}

/** Names and versions of the packages that a file imports. */
function packageVersions(text: string, path: string): string {
  const names = importsOf(text).filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
  return [...new Set(names.map(packageOf))].map((name) => `\n${name}@${versionOf(name, path)}`).join('');
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The version of a package as it would be found from `path`; empty for what is no package. */
function versionOf(name: string, path: string): string {
  const { resolve } = createRequire(path);
  for (const folder of resolve.paths(name) ?? []) {
    const manifest = `${folder}/${name}/package.json`;
    if (existsSync(manifest))
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version ?? '';
  }
  return '';
}
