import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../../usage-error.ts';
import type { NonceproofConfig } from './nonceproof-config.ts';

/** In this order; the first that is there counts. */
const CONFIG_FILES: readonly string[] = ['ts', 'mts', 'js', 'mjs', 'json'].map(
  (extension) => `nonceproof.config.${extension}`,
);

/** A configuration and where it stands. */
export interface LoadedConfig {
  /** As a reader would name it. */
  readonly file: string;
  readonly config: NonceproofConfig;
}

/**
 * Loads the configuration of a folder; `null` when it has none.
 * @param named - a file to load instead, from `cwd`
 * @throws {UsageError} when it cannot be loaded, or is no object
 */
export async function loadConfig(cwd: string, named?: string): Promise<LoadedConfig | null> {
  const file = named ?? CONFIG_FILES.find((name) => existsSync(join(cwd, name)));
  if (file === undefined) return null;
  const config = await importConfig(resolve(cwd, file), file);
  if (isConfig(config)) return { file, config };
  throw new UsageError(
    `Failed to load ${file}: it holds no configuration. Export an object as its default, as nonceproof init writes it.`,
  );
}

function isConfig(value: unknown): value is NonceproofConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function importConfig(path: string, named: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8'));
    // Node 20 cannot import TypeScript by itself.
    const { createJiti } = await import('jiti');
    return await createJiti(import.meta.url, { fsCache: false, moduleCache: false }).import(path, {
      default: true,
    });
  } catch (cause) {
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Failed to load ${named}: ${observed}. Correct it, or go without: --no-config.`,
      cause,
    );
  }
}
