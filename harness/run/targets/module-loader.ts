import { fileURLToPath } from 'node:url';
import { UsageError } from '../../usage-error.ts';
import type { CreateClient } from './client-module.ts';

/**
 * Loads a client module: its export `createClient`, else its default export, else the only function it exports.
 * @param url - file URL of the module
 * @throws {UsageError} when it cannot be loaded, or exports no such function
 */
export async function loadClientModule(url: string): Promise<CreateClient> {
  const exported = await importModule(url);
  const functions = Object.values(exported).filter((value) => typeof value === 'function');
  const onlyFunction = functions.length === 1 ? functions[0] : undefined;
  const createClient = exported['createClient'] ?? exported['default'] ?? onlyFunction;
  if (typeof createClient === 'function') return createClient as CreateClient;
  throw new UsageError(
    `Failed to load ${url}: it exports no function createClient. Export one that takes a world and returns { call(account, method, params) }.`,
  );
}

async function importModule(url: string): Promise<Record<string, unknown>> {
  try {
    return await (needsTranslation(url) ? importTypescript(url) : import(url));
  } catch (cause) {
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Failed to load ${url}: ${observed}. Name a module that can be imported.`, cause);
  }
}

/** Node 20 cannot import TypeScript by itself. A clone, which is TypeScript throughout, runs with a loader for it. */
function needsTranslation(url: string): boolean {
  return /\.[cm]?tsx?$/.test(url) && !import.meta.url.endsWith('.ts');
}

async function importTypescript(url: string): Promise<Record<string, unknown>> {
  const { createJiti } = await import('jiti');
  // Nothing is written beside the user's files; one process loads a module once, as with a plain import.
  return createJiti(url, { fsCache: false, interopDefault: false }).import(fileURLToPath(url));
}
