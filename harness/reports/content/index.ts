export {
  forAnnotation,
  forAnnotationProperty,
  forHtml,
  forJson,
  forMarkdown,
  forMarkdownFence,
  forScript,
  forTap,
  forTerminal,
  forTerminalLines,
  forXml,
  forXmlAttribute,
} from './escape.ts';
export { figureRows, figuresOf, methodLine, QUANTILES } from './figure-lines.ts';
export type { FigureRow } from './figure-lines.ts';
export { provenanceFacts, provenanceLine, scenarioFacts } from './provenance-lines.ts';
export type { NamedText } from './provenance-lines.ts';
export { refusedLine, remarkLines, warningLines } from './remarks.ts';
export type { RunFacts } from './run-facts.ts';
export { chooseShownCalls, shownCalls } from './shown-calls.ts';
export type { ShownCalls } from './shown-calls.ts';
export { strengthWords } from './strength-words.ts';
