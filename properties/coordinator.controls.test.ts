/** Clients that share a lane between threads and processes, and get it wrong: each is convicted by its own rule. */
import { expect, it } from 'vitest';
import { loadControls } from '../harness/controls/index.ts';
import { tryControls } from '../harness/run/index.ts';

const controls = (await loadControls()).filter(
  ({ about }) => about.setting?.processes !== undefined || about.setting?.threads !== undefined,
);

it('convicts every client that is wrong only in several threads or processes', async () => {
  const surroundings = { env: process.env, cwd: process.cwd() };
  const matrix = await tryControls({ controls, references: [] }, { seed: 42, surroundings });
  expect(controls.length).toBeGreaterThanOrEqual(5);
  expect(matrix.controls.map(({ id, outcome, unexplained }) => ({ id, outcome, unexplained }))).toEqual(
    controls.map(({ about }) => ({ id: about.id, outcome: 'caught', unexplained: [] })),
  );
});
