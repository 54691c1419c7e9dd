import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { leakingRun } from './leaking-run.test-support.ts';
import { LEAKING_TARGETS } from './leaking-targets.test-support.ts';

const EVIDENCE = [
  'target-stdout.log',
  'target-stderr.log',
  'trace.ndjson',
  'report.html',
  'summary.md',
  'junit-too.xml',
];

describe('a target that prints, sends and dies with its credentials', () => {
  for (const [name, target] of Object.entries(LEAKING_TARGETS)) {
    const isThere = spawnSync('which', [target.program]).status === 0;
    it.skipIf(!isThere)(`leaves none of them in the evidence, in ${name}`, async () => {
      const { written, found } = await leakingRun(target, { seed: 11 });
      expect(found.slice(0, 5)).toEqual([]);
      expect([...written.keys()]).toEqual(expect.arrayContaining(EVIDENCE));
      for (const file of ['target-stdout.log', 'target-stderr.log', 'trace.ndjson', 'summary.md', 'stdout'])
        expect(written.get(file)).toContain('[redacted]');
    });
  }
});
