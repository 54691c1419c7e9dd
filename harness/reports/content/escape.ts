/**
 * Text from outside (of a target, a trace, a file name) as each medium can hold it: a function for each medium, and no
 * report escapes anything by itself.
 *
 * Nowhere is there a character that a reader does not see: control characters (C0, C1, with them every escape
 * sequence), format characters (changes of direction, zero width), line and paragraph separators, lone surrogates,
 * and the two code points that XML forbids. U+FFFD stands in their place.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;
const UNSEEN_BUT_LAYOUT = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;
const REPLACEMENT = '\u{fffd}';

/** One line on a terminal. The log of a GitHub runner is one, too: nothing in it is a workflow command. */
export function forTerminal(text: string): string {
  // The runner takes `::` at the beginning of a line and `##[` anywhere for a command (actions/runner, ActionCommand).
  return text
    .replaceAll(UNSEEN, REPLACEMENT)
    .replace(/^(\s*):(?=:)/, '$1: ')
    .replaceAll('##[', '## [');
}

/** Several lines on a terminal. */
export function forTerminalLines(text: string): string {
  return text.split(/\r?\n/).map(forTerminal).join('\n');
}

/** The rest of a line of TAP: after a `#`, or a test point's directive (Test Anything Protocol 14, "Escaping"). */
export function forTap(text: string): string {
  return forTerminal(text.replaceAll(/\s+/g, ' '))
    .replaceAll('\\', '\\\\')
    .replaceAll('#', String.raw`\#`);
}

/** JSON that shows nothing unseen and holds no workflow command: the same value with more escapes. YAML reads it, too. */
export function forJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent)
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu, (char) =>
      [...Array(char.length).keys()].map((i) => unicodeEscape(char.charCodeAt(i))).join(''),
    )
    .replaceAll('##[', String.raw`##\u005b`);
}

/** JSON inside a script element, which it cannot end. */
export function forScript(value: unknown): string {
  return forJson(value).replaceAll('<', String.raw`\u003c`);
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text and attributes of HTML. Tabs and line ends stay. */
export function forHtml(text: string): string {
  return text
    .replaceAll(UNSEEN_BUT_LAYOUT, REPLACEMENT)
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Text of an XML element; `]]>` cannot stand in it, for `>` is escaped. */
export function forXml(text: string): string {
  return forHtml(text).replaceAll('&#39;', "'");
}

/** An attribute of XML, in which a bare line end would be read as a space. */
export function forXmlAttribute(text: string): string {
  return forXml(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

/** A summary may have 1 MiB; a sentence of a rule has a few hundred characters. */
const MARKDOWN_CHARS_MAX = 2_000;

/** A cell, an item or a heading of GitHub-flavoured Markdown: no markup, no link, no mention, no end of the line. */
export function forMarkdown(text: string): string {
  return (
    text
      .slice(0, MARKDOWN_CHARS_MAX)
      .replaceAll(/\s+/g, ' ')
      .replaceAll(UNSEEN, REPLACEMENT)
      .replaceAll(/[\\`*_{}[\]<>#|@~&]|:(?=\/\/)/g, characterReference)
      // A list, a rule or an underlined heading, where the text begins a line.
      .replace(/(?<=^\s*)[-+=]|(?<=^\s*\d+)[.)]/, characterReference)
  );
}

function characterReference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** What stands between two fences of GitHub-flavoured Markdown. */
export function forMarkdownFence(text: string): string {
  return text.replaceAll(UNSEEN_BUT_LAYOUT, REPLACEMENT).replaceAll('```', "'''");
}

/** The message of a workflow command; several lines are one (`@actions/core`, toCommandValue). */
export function forAnnotation(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(UNSEEN_BUT_LAYOUT, REPLACEMENT)
    .replaceAll('%', '%25')
    .replaceAll('\n', '%0A');
}

/** A property of a workflow command. */
export function forAnnotationProperty(text: string): string {
  return forAnnotation(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
