import { readFile } from 'node:fs/promises';
import type { BuildOptions } from 'esbuild';

/** A script that runs somewhere else: in a browser, or inside a target's own Node. */
export interface Bundle {
  readonly script: string;
  /** Empty when nothing in it is styled. */
  readonly style: string;
}

/** Each bundle by name: where it starts and what it is for. */
const BUNDLES: Readonly<Record<BundleName, { readonly entry: string; readonly target: BuildOptions }>> = {
  page: {
    entry: './reports/html/page/main.ts',
    target: { platform: 'browser', format: 'iife', minify: true },
  },
  preload: { entry: './run/intercept/preload.ts', target: { platform: 'node', format: 'cjs' } },
};

export type BundleName = 'page' | 'preload';

/** Every bundle, for whoever builds the package. */
export const BUNDLE_NAMES: readonly BundleName[] = ['page', 'preload'];

const isSource = import.meta.url.endsWith('.ts');
const loaded = new Map<BundleName, Promise<Bundle>>();

/** Loads a bundle: from a clone it is made now, in the package it was made when that was built. */
export function loadBundle(name: BundleName): Promise<Bundle> {
  const bundle = loaded.get(name) ?? (isSource ? makeBundle(name) : readBundle(name));
  loaded.set(name, bundle);
  return bundle;
}

/** Makes a bundle from source. Needs esbuild, which is no dependency of the package. */
export async function makeBundle(name: BundleName): Promise<Bundle> {
  const { build } = await import('esbuild');
  const { entry, target } = BUNDLES[name];
  const { outputFiles } = await build({
    ...target,
    entryPoints: [new URL(entry, import.meta.url).pathname],
    outdir: 'out',
    bundle: true,
    write: false,
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'silent',
  });
  const text = (suffix: string): string => outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

async function readBundle(name: BundleName): Promise<Bundle> {
  const read = (suffix: string): Promise<string> =>
    readFile(new URL(`./bundles/${name}${suffix}`, import.meta.url), 'utf8');
  return { script: await read('.js'), style: await read('.css') };
}
