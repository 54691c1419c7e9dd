import * as fc from 'fast-check';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import { aProvenance, judged, OVERLAPPING } from './fixtures.test-support.ts';
import type { Judged } from './fixtures.test-support.ts';

/** Nothing of it may be in any report, whatever it stands in. */
export const UNSEEN: RegExp = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u;
/** Texts that some medium reads as more than text. */
export const NASTY: readonly string[] = [
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
/** Any of them in a row, with any characters between them. */
export const hostile: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 6 })
  .map((parts) => parts.join(''));

/** What was found of a run, with its calls. */
export interface JudgedCalls extends Judged {
  readonly calls: readonly JournalRecord[];
}

/** A report on a run in which `text` stands in every field that comes from outside. */
export function withText(text: string): JudgedCalls {
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
  return {
    calls,
    facts,
    verdict: {
      ...verdict,
      notes,
      rules,
      reproduce: `nonceproof ${text}`,
      provenance: aProvenance(facts, text),
    },
  };
}
