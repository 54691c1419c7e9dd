import uPlot from 'uplot';
import type { Run } from './call-facts.ts';
import type { Calls } from './calls.ts';
import { formatDuration, formatInteger } from './format.ts';
import { histogramOf, ratesOf } from './histogram.ts';
import { readTheme } from './theme.ts';
import type { Theme } from './theme.ts';

const HEIGHT_PX = 220;

type Chart = Pick<uPlot.Options, 'scales' | 'axes' | 'series'> & { readonly data: uPlot.AlignedData };

/** Draws every chart that the page has a place for, anew each time: when colours or sizes have changed. */
export function drawCharts(section: HTMLElement, run: Run): void {
  section.hidden = false;
  const theme = readTheme(run.data.outcomes);
  for (const place of section.querySelectorAll<HTMLElement>('[data-chart]')) {
    const chart = CHARTS[place.dataset['chart'] ?? '']?.(run, theme) ?? null;
    place.replaceChildren();
    if (chart === null) place.textContent = 'Nothing to show.';
    else draw(place, chart);
  }
}

function draw(place: HTMLElement, { data, ...chart }: Chart): void {
  const plot = new uPlot(
    {
      width: Math.max(200, place.clientWidth),
      height: HEIGHT_PX,
      legend: { show: false },
      cursor: { drag: { x: true, y: false } },
      ...chart,
    },
    data,
    place,
  );
  plot.root.setAttribute('role', 'img');
  plot.root.setAttribute(
    'aria-label',
    place.closest('figure')?.querySelector('figcaption')?.textContent ?? '',
  );
}

const CHARTS: Readonly<Record<string, (run: Run, theme: Theme) => Chart | null>> = {
  nonces: nonceChart,
  throughput: throughputChart,
  service: (run, theme) => histogramChart(run.data.columns.service, theme),
  wait: (run, theme) => histogramChart(run.data.columns.wait ?? [], theme),
};

function axis(
  theme: Theme,
  format: (value: number) => string,
  options: { readonly size?: number } = {},
): uPlot.Axis {
  return {
    stroke: theme.quiet,
    grid: { stroke: theme.line, width: 1 },
    ticks: { stroke: theme.line, width: 1 },
    values: (_, splits) => splits.map((value) => (value === null ? '' : format(value))),
    size: options.size ?? 40,
  };
}

/** More dots than this take long to draw and show nobody anything. */
const DOTS_MAX = 4_000;

/**
 * Nonces relative to the lowest, which is all that a number can hold of them. Of a long run every n-th call is
 * shown, and every one that broke a rule, up to as many again; red are those whose nonce was wrong.
 */
function nonceChart({ data, calls, nonces }: Run, theme: Theme): Chart | null {
  const readable = nonces.map((nonce) => (nonce !== null && /^\d{1,20}$/.test(nonce) ? BigInt(nonce) : null));
  const lowest = readable.reduce(
    (low, nonce) => (nonce !== null && (low === null || nonce < low) ? nonce : low),
    null,
  );
  if (lowest === null) return null;
  const shown = thinnedOut(calls);
  const height = (call: number): number | null => {
    const nonce = readable[call] ?? null;
    return nonce === null ? null : Number(nonce - lowest);
  };
  const nonceBits = bitsOf(data.rules, (rule) => rule.startsWith('nonce-'));
  const isRight = (call: number): boolean => ((calls.broken[call] ?? 0) & nonceBits) === 0;
  const dots = (stroke: string, size: number): uPlot.Series => ({
    stroke,
    paths: () => null,
    points: { show: true, size, fill: stroke, width: 0 },
  });
  return {
    data: [
      shown.map((call) => calls.arrivedNs[call] ?? 0),
      shown.map((call) => (isRight(call) ? height(call) : null)),
      shown.map((call) => (isRight(call) ? null : height(call))),
    ],
    scales: { x: { time: false } },
    axes: [axis(theme, formatDuration), axis(theme, (value) => `+${COMPACT.format(value)}`, { size: 60 })],
    series: [{}, dots(theme.outcomes[0] ?? theme.ink, 3), dots(theme.bad, 5)],
  };
}

const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

function bitsOf(rules: readonly string[], wanted: (rule: string) => boolean): number {
  return rules.reduce((bits, rule, n) => (wanted(rule) ? bits | (1 << n) : bits), 0);
}

/** Calls to show, in order of arrival. */
function thinnedOut({ count, suspects }: Calls): readonly number[] {
  const everyNth = Math.ceil(count / DOTS_MAX);
  const worstNth = Math.ceil(suspects.length / DOTS_MAX);
  const shown = new Set<number>();
  for (let call = 0; call < count; call += everyNth) shown.add(call);
  for (let i = 0; i < suspects.length; i += worstNth) shown.add(suspects[i] ?? 0);
  return [...shown].sort((a, b) => a - b);
}

function throughputChart({ calls }: Run, theme: Theme): Chart {
  const { atNs, perSecond } = ratesOf(calls.arrivedNs, calls.endNs);
  return {
    data: [atNs, perSecond],
    scales: { x: { time: false }, y: { range: (_, _low, high) => [0, high * 1.1 || 1] } },
    axes: [axis(theme, formatDuration), axis(theme, (value) => formatInteger(value), { size: 60 })],
    series: [{}, { stroke: theme.accent, width: 2, fill: `${theme.accent}22`, points: { show: false } }],
  };
}

/** Buckets are numbered on the axis, for their width grows with the value; the labels say the values. */
function histogramChart(values: readonly number[], theme: Theme): Chart | null {
  const histogram = histogramOf(values);
  if (histogram === null) return null;
  const { edges, counts } = histogram;
  const bars = uPlot.paths.bars?.({ size: [0.9, 60] });
  return {
    data: [edges.map((_, i) => i), [...counts]],
    scales: {
      x: { time: false, range: [-0.6, edges.length - 0.4] },
      y: { range: (_, _low, high) => [0, high * 1.1] },
    },
    axes: [
      axis(theme, (i) => (Number.isInteger(i) && edges[i] !== undefined ? formatDuration(edges[i]) : '')),
      axis(theme, (value) => (Number.isInteger(value) ? formatInteger(value) : ''), { size: 60 }),
    ],
    series: [
      {},
      {
        stroke: theme.accent,
        fill: `${theme.accent}99`,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      },
    ],
  };
}
