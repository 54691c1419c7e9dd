import { loadBundle } from '../bundle.ts';
import { forScript } from './content/index.ts';
import { findBrokenRules } from './html/index.ts';
import { chartsSection } from './html/index.ts';
import { encodeRun } from './html/index.ts';
import type { RunParts } from './html/index.ts';
import { markup, trusted } from './html/index.ts';
import { figuresSection, provenanceSection } from './html/index.ts';
import { remarksSection } from './html/index.ts';
import { rulesSection } from './html/index.ts';
import { tellStories } from './html/index.ts';
import { timelineSection } from './html/index.ts';
import { verdictSection } from './html/index.ts';
import type { RunFacts } from './content/index.ts';
import { chooseShownCalls } from './content/index.ts';

/** What `report.html` is made of. */
export interface HtmlReportParts extends RunParts {
  readonly facts: RunFacts;
}

/**
 * `report.html`: one file that needs no network and loads none (its content security policy forbids it). Verdict,
 * rules and stories are plain HTML and readable where scripts are forbidden; timeline and charts need them. Some
 * 45 bytes a call beside about 100 KB.
 */
export async function htmlReport({ verdict, facts, calls, client }: HtmlReportParts): Promise<string> {
  const { script, style } = await loadBundle('page');
  const broken = findBrokenRules(calls, verdict);
  const stories = tellStories({ verdict, calls, broken });
  const { from, to } = chooseShownCalls(calls, verdict);
  const run = encodeRun({ verdict, calls: calls.slice(from, to), client, broken: broken.slice(from, to) });
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>${verdict.verdict.toUpperCase()}: ${facts.title} · nonceproof</title>
<style>${trusted(style)}</style>
</head>
<body>
${verdictSection(verdict, facts)}
<main>
<div class="top">
<div>${stories.lead}${remarksSection(verdict)}</div>
${rulesSection(verdict)}
</div>
${calls.length === 0 ? null : timelineSection({ from, to, all: calls.length })}
${stories.others}
${calls.length === 0 ? null : chartsSection(run)}
${calls.length === 0 ? null : figuresSection(facts.statistics)}
${provenanceSection(verdict)}
</main>
<script type="application/json" id="run">${trusted(forScript(run))}</script>
<script>${trusted(script)}</script>
</body>
</html>
`.html;
}
