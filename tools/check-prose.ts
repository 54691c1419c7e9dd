/**
 * `npm run check:prose`: counts, in comments and in docs, the idioms that this project does not use, and the doc
 * comments that begin with a question word. Prints each place and fails when there are too many.
 */
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

/** Idioms, each with the plain words to write instead. */
const IDIOMS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:is|are|was|were|be|been|being|not) told\b|\btold (?:of|that|to|what|by|it|them|us|the)\b/gi,
    'receives, is notified of, knows',
  ],
  [/\bwho(?:so)?ever\b/gi, 'the caller, a process that'],
  [/\bsomebody(?: else)?\b/gi, 'another process, a caller'],
  [/\bnobody(?: else)?\b/gi, 'no caller, no process'],
  [/\b(?:comes|came|come) of\b/gi, 'results from'],
  [/\ball the same\b/gi, 'still'],
  [/\banew\b/gi, 'again'],
  [/\bat one moment\b/gi, 'at the same time'],
  [/\bof (?:his|her) own\b/gi, 'its own'],
  [/\b(?:his|her|himself|herself)\b/gi, 'its, itself'],
  [/\band the like\b|\bthe like\b/gi, 'and similar'],
  [/\b(?:is|are|was|were) to be\b/gi, 'must be, will be'],
  [/\bfor ?ever\b/gi, 'without end, indefinitely'],
  [/\b(?:in|lost|loses|lose|losing|out of) sight\b/gi, 'in flight, no longer observed'],
  [/\bin (?:its|their) hands?\b/gi, 'held by it'],
];

/** Words with which a doc comment does not begin. */
const QUESTION = /^(?:what|whats|whether|who|whom|whose|how|where|when|why|which)\b/i;

const IDIOMS_PER_THOUSAND_WORDS_MAX = 1;

interface Prose {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly isDocComment: boolean;
}

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n');

const prose = files.flatMap((file) => {
  if (/\.(?:ts|mjs)$/.test(file)) return commentsOf(file, readFileSync(file, 'utf8'));
  if (file.endsWith('.md')) return [{ file, line: 1, text: readFileSync(file, 'utf8'), isDocComment: false }];
  return [];
});

const idioms = prose.flatMap((part) =>
  IDIOMS.flatMap(([idiom, instead]) =>
    [...part.text.matchAll(idiom)].map(({ 0: found, index }) => ({
      place: `${part.file}:${part.line + lineOf(part.text, index)}`,
      found,
      instead,
    })),
  ),
);
const questions = prose.filter(({ text, isDocComment }) => isDocComment && QUESTION.test(text.trimStart()));
const words = prose.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
const perThousand = (idioms.length / words) * 1000;
if (process.argv.includes('--list')) {
  for (const { place, found, instead } of idioms) console.log(`${place}  "${found}": ${instead}`);
  for (const { file, line, text } of questions)
    console.log(`${file}:${line}  begins with a question word: ${text.slice(0, 60)}`);
}
console.log(
  `${perThousand.toFixed(2)} idioms in 1,000 of ${words} words; ${questions.length} doc comments begin with a question word`,
);
process.exitCode = perThousand >= IDIOMS_PER_THOUSAND_WORDS_MAX || questions.length > 0 ? 1 : 0;

/** Returns the comments of a file, without their stars. */
function commentsOf(file: string, source: string): Prose[] {
  return [...source.matchAll(/\/\*\*?[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g)].map(({ 0: comment, index }) => ({
    file,
    line: 1 + lineOf(source, index),
    text: comment
      .replace(/^\/\*+|\*\/$/g, '')
      .replace(/^\s*\/\/ ?/, '')
      .replaceAll(/^[ \t]*\* ?/gm, ''),
    isDocComment: comment.startsWith('/**'),
  }));
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length - 1;
}
