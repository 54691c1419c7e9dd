import { readFileSync } from 'node:fs';

/** package.json is one level up from the source and two from the build. */
const CANDIDATES = ['../package.json', '../../package.json'];

function readVersion(): string {
  for (const candidate of CANDIDATES) {
    try {
      const text = readFileSync(new URL(candidate, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Not there: try the next one.
    }
  }
  return 'unknown';
}

/** This package's version. */
export const version: string = readVersion();
