import { marked } from 'marked';
import { parse, parseFragment } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import { SaxesParser } from 'saxes';

/** A document as its parser hands it over: elements, attributes, text, each a line, in order. */
export type Parsed = readonly string[];

/** As a browser reads it. */
export function parsedHtml(html: string): Parsed {
  return [...linesOf(parse(html))];
}

/** As GitHub reads it: what Markdown makes of it, as a browser reads that. */
export function parsedMarkdown(markdown: string): Parsed {
  return [...linesOf(parseFragment(marked.parse(markdown, { async: false, gfm: true })))];
}

/** As any XML parser reads it. @throws when it is not well-formed */
export function parsedXml(xml: string): Parsed {
  const lines: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    lines.push(`<${name}>`, ...Object.entries(attributes).map(([key, value]) => `@${key}=${value}`));
  });
  parser.on('text', (text) => void lines.push(text));
  parser.on('comment', (text) => void lines.push(`<!--${text}-->`));
  parser.on('cdata', (text) => void lines.push(`<![CDATA[${text}]]>`));
  parser.write(xml).close();
  return lines;
}

function* linesOf(node: DefaultTreeAdapterTypes.Node): Generator<string> {
  if ('attrs' in node) {
    yield `<${node.nodeName}>`;
    for (const { name, value } of node.attrs) yield `@${name}=${value}`;
  } else if (node.nodeName === '#text' && 'value' in node) yield node.value;
  else if (node.nodeName === '#comment' && 'data' in node) yield `<!--${node.data}-->`;
  if ('childNodes' in node) for (const child of node.childNodes) yield* linesOf(child);
}
