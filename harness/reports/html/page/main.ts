/** The script of a report: reads the run out of the page and brings timeline and charts to life. */
import './usable-language.ts';
import 'uplot/dist/uPlot.min.css';
import type { RunData } from '../run-data.ts';
import type { Run } from './call-facts.ts';
import { busyUntil, unpackCalls, unpackNonces } from './calls.ts';
import { drawCharts } from './charts.ts';
import { connectGestures } from './gestures.ts';
import './page.css';
import { onThemeChange } from './theme.ts';
import { Timeline } from './timeline.ts';

function find<T extends HTMLElement>(selector: string, kind: new () => T): T {
  const found = document.querySelector(selector);
  if (found instanceof kind) return found;
  throw new TypeError(`The page has no ${selector}.`);
}

function readRun(): Run {
  const data = JSON.parse(find('#run', HTMLScriptElement).textContent ?? '') as RunData;
  const calls = unpackCalls(data);
  return { data, calls, nonces: unpackNonces(data), busyUntilNs: busyUntil(calls) };
}

function startTimeline(run: Run): Timeline {
  const elements = {
    section: find('#timeline', HTMLElement),
    rows: find('#timeline .rows', HTMLElement),
    canvas: find('#timeline .rows canvas', HTMLCanvasElement),
    overview: find('#timeline .overview', HTMLCanvasElement),
    spacer: find('#timeline .height', HTMLElement),
    window: find('#timeline .window', HTMLElement),
    facts: find('#timeline .facts-of-call', HTMLElement),
  };
  const timeline = new Timeline(elements, run);
  connectGestures(timeline, elements);
  return timeline;
}

const ACTIONS: Readonly<Record<string, (timeline: Timeline) => void>> = {
  first: (timeline) => timeline.selectViolation('first'),
  previous: (timeline) => timeline.selectViolation('previous'),
  next: (timeline) => timeline.selectViolation('next'),
  'zoom-in': (timeline) => timeline.zoomIn(),
  'zoom-out': (timeline) => timeline.zoomOut(),
  fit: (timeline) => timeline.showAll(),
};

/** Buttons anywhere on the page may name an action, or a call by its seq. */
function connectButtons(timeline: Timeline, { data, calls }: Run): void {
  const hasViolations = calls.suspects.length > 0;
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-action]')) {
    const isAboutViolations = ['first', 'previous', 'next'].includes(button.dataset['action'] ?? '');
    button.hidden = isAboutViolations && !hasViolations;
  }
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    ACTIONS[target.dataset['action'] ?? '']?.(timeline);
    const call = data.columns.seq.indexOf(Number(target.dataset['seq']));
    if (call < 0) return;
    timeline.select(call, { reveal: true });
    find('#timeline', HTMLElement).scrollIntoView({ block: 'start' });
  });
}

const run = readRun();
if (run.calls.count > 0) {
  const timeline = startTimeline(run);
  connectButtons(timeline, run);
  if (run.calls.suspects.length > 0) timeline.selectViolation('first');
  const charts = find('#charts', HTMLElement);
  const draw = (): void => drawCharts(charts, run);
  setTimeout(draw);
  let widthPx = innerWidth;
  addEventListener('resize', () => {
    timeline.refresh();
    if (innerWidth !== widthPx) draw();
    widthPx = innerWidth;
  });
  onThemeChange(() => {
    timeline.refresh();
    draw();
  });
}
