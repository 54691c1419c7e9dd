import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PLAIN } from './colors.ts';
import { judged, OVERLAPPING } from './fixtures.test-support.ts';
import { githubAnnotations, githubSummary } from './github.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { tapReport } from './tap.ts';
import { terminalReport } from './terminal.ts';

/** Nothing of it may be in any report, whatever it stands in. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u;
const NASTY = [
  '\u001b[2J\u001b]0;x\u0007',
  '\r',
  '\u0085',
  '\u009b31m',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\u2029',
  '\ud800',
  '\udfff',
  '\ufffe',
  '\u0000',
  '\n::error::x',
  '::add-mask::x',
  '##[error]x',
  '%0A::error::x',
  '%',
  ']]>',
  '</script><script>alert(1)</script>',
  '<!--',
  '&lt;&#60;',
  '"\' onload="x',
  '|',
  '`',
  '```\n# x',
  '[a](http://b)',
  'https://example.com',
  '@team',
  '\nok 99 - x',
  '\nnot ok 99 - x',
  '\nBail out!',
  '# SKIP',
  '# TODO',
  '\n...\n',
  '\\',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 6 })
  .map((parts) => parts.join(''));

function tagsOf(markup: string): readonly string[] {
  return markup.match(/<[^>]*>/g)?.map((tag) => tag.replaceAll(/="[^"]*"/g, '=')) ?? [];
}

/** A report on a run in which `text` stands in every field that comes from outside. */
function withText(text: string) {
  const calls = OVERLAPPING.map((call) => ({
    ...call,
    account: `a${text}`,
    key: text,
    method: text,
    error: text,
    fault: text,
    tag: text,
    clientRef: text,
    nonce: text,
  }));
  const { verdict, facts } = judged(calls, { title: text, judgeLine: text, evidenceDir: text });
  const notes = [
    text,
    `The target ended with status 1. Its last lines on stderr:\n${text}\n::error::${text}`,
  ];
  const rules = verdict.rules.map((rule) => ({ ...rule, explanation: `${rule.explanation} ${text}` }));
  const status = verdict.rules.map((rule) => rule.status).join();
  return { calls, facts, status, verdict: { ...verdict, notes, rules, reproduce: `nonceproof ${text}` } };
}

describe('whatever stands in every field that comes from outside', () => {
  test('no report shows what a reader does not see, or lets it be markup, a command or a line of its own', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { verdict, facts } = withText(text);
        const terminal = terminalReport(verdict, facts, PLAIN);
        const tap = tapReport(verdict, facts);
        const json = jsonReport(verdict);
        const junit = junitReport(verdict, facts);
        const annotations = githubAnnotations(verdict);
        const summary = githubSummary(verdict, facts);
        for (const report of [terminal, tap, json, junit, annotations, summary])
          expect(report).not.toMatch(UNSEEN);
        for (const log of [terminal, tap, json]) {
          expect(log).not.toMatch(/^\s*::/m);
          expect(log).not.toContain('##[');
        }
        expect(tap.match(/^(not )?ok \d+/gm)).toHaveLength(Number(/^1\.\.(\d+)/m.exec(tap)?.[1]));
        expect(tap).not.toMatch(/^Bail out!/m);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(verdict)));
        expect(annotations).toMatch(/^(::(error|warning|notice) title=[^\n:,]*::[^\n]*\n)*$/);
        expect(
          tagsOf(summary.replace(/^```\n[^]*?\n```$/m, '')).every((tag) => /^<\/?code>$/.test(tag)),
        ).toBe(true);
        expect(junit.replaceAll(/&(?:amp|lt|gt|quot|#10|#9);/g, '')).not.toContain('&');
        expect(
          tagsOf(junit).every((tag) =>
            /^<([/?]?)(xml|testsuites?|testcase|failure|error|skipped|system-out)( [a-z]+=)*[/?]?>$/.test(
              tag,
            ),
          ),
        ).toBe(true);
      }),
      { seed: 20_261_126, numRuns: 40 },
    );
  });

  test('the page has the elements that it has for a harmless text', async () => {
    const skeleton = async (
      text: string,
    ): Promise<{ readonly html: string; readonly tags: readonly string[] }> => {
      const { verdict, facts, calls } = withText(text);
      const html = await htmlReport({ verdict, facts, calls, client: null });
      const page = html.slice(html.indexOf('</style>'), html.lastIndexOf('<script>'));
      return { html: page, tags: tagsOf(page) };
    };
    for (const text of NASTY) {
      const { html, tags } = await skeleton(`1${text}`);
      expect(html).not.toMatch(UNSEEN);
      expect(tags).toEqual((await skeleton('1x')).tags);
      expect(JSON.parse(/id="run">(.*)<\/script>/.exec(html)?.[1] ?? '')).toBeTypeOf('object');
    }
  });
});
