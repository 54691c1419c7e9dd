/** Part of `npm run build`: makes the bundles that `bundle.ts` reads in the package. */
import { mkdir, writeFile } from 'node:fs/promises';
import { BUNDLE_NAMES, makeBundle } from './bundle.ts';

const folder = new URL('../dist/harness/bundles/', import.meta.url);

await mkdir(folder, { recursive: true });
for (const name of BUNDLE_NAMES) {
  const { script, style } = await makeBundle(name);
  await writeFile(new URL(`${name}.js`, folder), script);
  await writeFile(new URL(`${name}.css`, folder), style);
}
