import { afterAll, describe, expect, inject, it } from 'vitest';
import { openDeclarations } from './declarations.test-support.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly types: string;
  readonly default: string;
}

const { exports: all } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, string | Entry>>;
};
const ENTRIES = Object.entries(all).flatMap(([name, entry]) =>
  typeof entry === 'string' ? [] : [[name, entry] as const],
);

const declarations = await openDeclarations(ENTRIES.map(([, { types }]) => types));
afterAll(() => declarations.close());

describe('the public exports', () => {
  it.for(ENTRIES)('of %s', async ([name, entry]) => {
    const built = join(inject('compiled'), entry.default.replace('./dist/', ''));
    const values = Object.keys((await import(built)) as object).toSorted();
    const text = [
      `// ${name}: at run time`,
      ...values,
      '',
      '// types',
      ...declarations.of(entry.types),
      '',
    ].join('\n');
    const file = name === '.' ? 'index' : name.slice(2);
    await expect(text).toMatchFileSnapshot(`golden/exports/${file}.txt`);
  });

  it('of the package are these entries', async () => {
    await expect(`${JSON.stringify(all, null, 2)}\n`).toMatchFileSnapshot('golden/exports/entries.txt');
  });
});
