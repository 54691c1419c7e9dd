import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findControl } from '../controls/index.ts';
import type { ControlScenario } from '../controls/support/index.ts';
import { findReference } from '../controls/references/index.ts';
import { loadClientModule } from '../run/targets/index.ts';
import { UsageError } from '../usage-error.ts';
import type { ExploreTarget } from './target.ts';

/** The built-in client's name in tokens. */
export const BUILT_IN_NAME = 'built-in';

/** A target, and what it says its defect needs. */
export interface FoundTarget {
  readonly target: ExploreTarget;
  readonly setting: ControlScenario;
}

/** The toolkit's own client. */
export function builtInTarget(): ExploreTarget {
  const url = moduleUrl('../run/targets/built-in-client');
  return { name: BUILT_IN_NAME, title: 'built-in client', url, load: () => loadClientModule(url) };
}

/** A module of this package: TypeScript from source, JavaScript from a build. */
function moduleUrl(path: string): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new URL(path + extension, import.meta.url).href;
}

/**
 * The known-bad client, or the correct reference, with this id.
 * @throws {UsageError} when there is none, or a package that it needs is not installed
 */
export async function shippedTarget(id: string): Promise<FoundTarget> {
  const entry = (await findControl(id)) ?? (await findReference(id));
  if (entry === undefined) {
    throw new UsageError(
      `Failed to find control ${id}: there is none of that name. See: nonceproof controls --list`,
    );
  }
  if (entry.missing.length > 0) {
    throw new UsageError(`Failed to load ${id}: it needs ${entry.missing.join(', ')}. Install it first.`);
  }
  const target = { name: id, title: id, url: entry.url, load: () => Promise.resolve(entry.createClient) };
  return { target, setting: entry.about.setting ?? {} };
}

/**
 * A client module of the user's.
 * @param path - as given, relative to `cwd`; it is also the name of the target in tokens
 * @throws {UsageError} when there is no such file
 */
export function moduleFileTarget(path: string, cwd: string): ExploreTarget {
  const file = resolve(cwd, path);
  if (!existsSync(file)) {
    throw new UsageError(`Failed to find target ${path}: there is no such file. Name a client module.`);
  }
  const url = pathToFileURL(file).href;
  return { name: path, title: path, url, load: () => loadClientModule(url) };
}

/** The target that a token names. */
export async function targetNamed(name: string, cwd: string): Promise<ExploreTarget> {
  if (name === BUILT_IN_NAME) return builtInTarget();
  if (/[./\\]/.test(name)) return moduleFileTarget(name, cwd);
  return (await shippedTarget(name)).target;
}
