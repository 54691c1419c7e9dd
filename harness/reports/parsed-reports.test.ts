import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { githubSummary } from './github.ts';
import { hostile, NASTY, withText } from './hostile-text.test-support.ts';
import { htmlReport } from './html.ts';
import { junitReport } from './junit.ts';
import { parsedHtml, parsedMarkdown, parsedXml } from './parsed.test-support.ts';
import type { Parsed } from './parsed.test-support.ts';

/** Harmless, and nowhere else in a report. */
const MARKER = 'Q7marker7Q';
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;
const UNSEEN_BUT_LAYOUT = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** A hostile text as a reader of HTML or XML sees it. */
function inMarkup(text: string): string {
  return text.replaceAll(UNSEEN_BUT_LAYOUT, '\u{fffd}');
}

/** A hostile text as a reader of one line of Markdown sees it. */
function inMarkdown(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(UNSEEN, '\u{fffd}');
}

/** A document with `shown` wherever the harmless one has the marker, and nothing else. */
function withMarkerAs(harmless: Parsed, shown: string): Parsed {
  return harmless.map((line) => line.replaceAll(MARKER, () => shown));
}

/** The reports of the same run, with one text and with the marker. */
function bothRuns(text: string) {
  // The fields of the calls are summed up and cut; what the report says of the run is not.
  const said = (one: string) => {
    const { verdict, facts, calls } = withText('x');
    const rules = verdict.rules.map((rule) => ({ ...rule, explanation: `It is (${one}).` }));
    const notes = [`The note (${one}).`];
    const shown = { ...facts, title: `a (${one})`, judgeLine: `judge (${one})`, evidenceDir: `in (${one})` };
    return { verdict: { ...verdict, rules, notes, reproduce: `nonceproof ${one} z` }, facts: shown, calls };
  };
  return { hostileRun: said(text), harmlessRun: said(MARKER) };
}

describe('read by a parser, text from outside is text, the same that came in', () => {
  test('in junit.xml', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { hostileRun, harmlessRun } = bothRuns(text);
        const harmless = parsedXml(junitReport(harmlessRun.verdict, harmlessRun.facts));
        expect(harmless.join('').split(MARKER).length).toBeGreaterThan(3);
        expect(parsedXml(junitReport(hostileRun.verdict, hostileRun.facts))).toEqual(
          withMarkerAs(harmless, inMarkup(text)),
        );
      }),
      { seed: 20_261_126, numRuns: 100, examples: NASTY.map((text) => [text]) },
    );
  });

  test('in the summary of a step on GitHub', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { hostileRun, harmlessRun } = bothRuns(text);
        // What is pasted stands between fences: lines stay lines there.
        const summary = ({ verdict, facts }: typeof hostileRun) =>
          parsedMarkdown(githubSummary({ ...verdict, reproduce: '' }, facts));
        expect(summary(hostileRun)).toEqual(withMarkerAs(summary(harmlessRun), inMarkdown(text)));
      }),
      { seed: 20_261_126, numRuns: 100, examples: NASTY.map((text) => [text]) },
    );
  });

  test('at the beginning of an item of the summary', () => {
    const texts = [
      '- x',
      '+ x',
      '* x',
      '1. x',
      '12) x',
      '---',
      '===',
      '# x',
      '> x',
      '    x',
      '[ ] x',
      '- [x] y',
      '| x |',
    ];
    for (const text of [...texts, ...NASTY]) {
      const { verdict, facts } = bothRuns('').harmlessRun;
      const items = parsedMarkdown(githubSummary({ ...verdict, notes: [`${text}.`] }, facts));
      const harmless = parsedMarkdown(githubSummary({ ...verdict, notes: [`${MARKER}${MARKER}.`] }, facts));
      expect(items).toEqual(
        harmless.map((line) => line.replace(MARKER + MARKER, () => inMarkdown(text).trimStart())),
      );
    }
  });

  test('in a command that is to be pasted from the summary', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { hostileRun } = bothRuns(text);
        const lines = parsedMarkdown(githubSummary(hostileRun.verdict, hostileRun.facts));
        const command = lines.findLast((line) => line.startsWith('nonceproof '));
        const shown = inMarkup(text).replaceAll('```', "'''");
        expect(command).toBe(`nonceproof ${shown} z\n`);
      }),
      { seed: 20_261_126, numRuns: 100, examples: NASTY.map((text) => [text]) },
    );
  });

  test('in report.html', async () => {
    const page = async ({ verdict, facts, calls }: ReturnType<typeof bothRuns>['hostileRun']) =>
      parsedHtml(await htmlReport({ verdict, facts, calls, client: null }));
    const harmless = await page(bothRuns('').harmlessRun);
    expect(harmless.join('').split(MARKER).length).toBeGreaterThan(3);
    for (const text of NASTY) {
      const found = await page(bothRuns(text).hostileRun);
      const isData = (line: string): boolean => line.startsWith('{');
      expect(found.filter((line) => !isData(line))).toEqual(
        withMarkerAs(
          harmless.filter((line) => !isData(line)),
          inMarkup(text),
        ),
      );
      const data = (lines: Parsed): readonly unknown[] =>
        lines.filter(isData).map((line) => JSON.parse(line) as unknown);
      const quoted = JSON.stringify(text).slice(1, -1);
      expect(data(found)).toEqual(data(withMarkerAs(harmless, quoted)));
      expect(data(found).length).toBeGreaterThan(0);
    }
  });
});
