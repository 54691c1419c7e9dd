import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PLAIN } from '../reports/colors.ts';
import { hostile, NASTY, UNSEEN, withText } from '../reports/hostile-text.test-support.ts';
import type { ExploreReport } from './explore.ts';
import type { ReplayReport } from './replay.ts';
import { formatExploration, formatReplay } from './report.ts';
import type { Scenario } from './world/index.ts';
import { tellStory } from './story.ts';
import { explainStuck } from './wait-for.ts';
import type { WorldEvent } from './world/index.ts';

const SETTING: Scenario = {
  users: 2,
  calls: 1,
  pattern: 'parallel',
  scope: 'global',
  clock: 'honest',
  faults: { kinds: [], faultsMax: 0 },
  seed: 1,
};

/** Events of a run in which a client module puts `text` wherever it can. */
function eventsWith(text: string): readonly WorldEvent[] {
  const event = { atNs: 0, account: `a${text}`, method: text, tag: text, nonce: text, detail: text };
  const kinds = [
    'ask',
    'sent',
    'arrive',
    'timeout',
    'abort',
    'lost-reply',
    'reset',
    'settled',
    'ask',
  ] as const;
  return kinds.map((kind, at) => ({ ...event, step: at + 1, kind, tag: `${text}${Math.floor(at / 8)}` }));
}

/** Reports of an exploration and of a replay in which `text` stands in every field that comes from outside. */
function reportsWith(text: string): readonly string[] {
  const { verdict, calls: records } = withText(text);
  const [story, waitFor] = [tellStory(eventsWith(text)), explainStuck(eventsWith(text))];
  const history = {
    records,
    publicCalls: 0,
    clientCalls: [],
    ending: 'crashed',
    crash: text,
    faults: [],
    events: eventsWith(text),
  } as const;
  const told = { story, waitFor, verdict, history };
  const facts = {
    target: text,
    strategy: 'portfolio',
    settings: [SETTING],
    schedules: 1,
    corpus: 0,
    repeated: 0,
    abandoned: 0,
    elapsedMs: 1,
    shrinkMs: 1,
    pctClaims: [],
    globals: [text],
  };
  const example = { ...told, rules: [], setting: SETTING, decisions: 1, token: null };
  const exploration: ExploreReport = {
    verdict,
    facts,
    checkpoint: null,
    counterexample: { ...example, rule: 'no-overlap', shrinking: { schedules: 1, ending: 'done' } },
  };
  const replay: ReplayReport = {
    ...told,
    historyHash: 'abc',
    isSameHistory: false,
    hasCodeChanged: true,
    hasDiverged: true,
    wasCut: true,
  };
  const schedule = { kind: 'choices', choices: [] } as const;
  const token = { target: text, setting: SETTING, schedule, fingerprint: '0', historyHash: 'abc' };
  return [formatExploration(exploration, PLAIN), formatReplay(token, replay, PLAIN)];
}

test('no text of a client module, a token or a file name is more than text in what the explorer prints', () => {
  const harmless = reportsWith('x').map((report) => report.split('\n').length);
  fc.assert(
    fc.property(hostile, (text) => {
      const reports = reportsWith(text);
      for (const report of reports) {
        expect(report).not.toMatch(UNSEEN);
        expect(report).not.toMatch(/^\s*::|##\[/m);
      }
      // A line of the target's own would be one more; a note of it has several lines.
      const lines = reports.map((report) => report.split('\n').length);
      expect(lines).toEqual(harmless);
    }),
    { seed: 20_261_126, numRuns: 60, examples: NASTY.map((text) => [text]) },
  );
});
