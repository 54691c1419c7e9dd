import { forHtml } from '../content/index.ts';

/** A piece of HTML. What is not one is text, and is escaped. */
export interface Markup {
  readonly html: string;
}

type Part = Markup | string | number | readonly Part[] | null;

/** Builds HTML: what is put in as text stays text, whatever it contains; `null` is nothing. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const rest = parts.map((part, i) => htmlOf(part) + (strings[i + 1] ?? ''));
  return { html: (strings[0] ?? '') + rest.join('') };
}

/** Takes text for HTML. For what this toolkit wrote itself, never for what came from outside. */
export function trusted(html: string): Markup {
  return { html };
}

function htmlOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return forHtml(String(part));
  return 'html' in part ? part.html : part.map(htmlOf).join('');
}
