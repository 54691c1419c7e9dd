import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PLAIN } from '../colors.ts';
import { githubAnnotations, githubSummary } from '../github.ts';
import { hostile, NASTY, UNSEEN, withText } from '../hostile-text.test-support.ts';
import { htmlReport } from '../html.ts';
import { jsonReport } from '../json.ts';
import { junitReport } from '../junit.ts';
import { tapReport } from '../tap.ts';
import { terminalReport } from '../terminal.ts';

function tagsOf(markup: string): readonly string[] {
  return markup.match(/<[^>]*>/g)?.map((tag) => tag.replaceAll(/="[^"]*"/g, '=')) ?? [];
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
            /^<([/?]?)(xml|testsuites?|testcase|failure|error|skipped|system-out|property|properties)( [a-z]+=)*[/?]?>$/.test(
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
