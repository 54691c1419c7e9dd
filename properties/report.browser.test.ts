import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../harness/index.ts';
import type { HtmlReportParts } from '../harness/index.ts';
import { madeUpCalls, madeUpReport, reportParts } from './report.test-support.ts';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const folder = mkdtempSync(join(tmpdir(), 'report-test-'));
let browser: Browser;
beforeAll(async () => {
  // In a single process, closing the first page would end the browser.
  const args = chromium.args.filter((arg) => arg !== '--single-process');
  browser = await playwright.launch({ executablePath: await chromium.executablePath(), args });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

interface OpenedReport {
  readonly page: Page;
  /** Everything that the page asked the network for, itself left out, and everything that went wrong in it. */
  readonly trouble: string[];
}

async function open(
  parts: HtmlReportParts,
  options: { viewport?: typeof DESKTOP; colorScheme?: 'light' | 'dark'; javaScriptEnabled?: boolean } = {},
): Promise<OpenedReport> {
  const file = join(folder, 'report.html');
  writeFileSync(file, await htmlReport(parts));
  const page = await browser.newPage({ viewport: DESKTOP, ...options });
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('console', (message) => trouble.push(message.text()));
  page.on('dialog', (dialog) => trouble.push(dialog.message()));
  page.on('request', (request) => {
    if (!request.isNavigationRequest()) trouble.push(request.url());
  });
  await page.goto(`file://${file}`);
  return { page, trouble };
}

/** How far down the page something ends, without scrolling. */
async function bottomOf(page: Page, selector: string): Promise<number> {
  const box = await page.locator(selector).first().boundingBox();
  return box === null ? Infinity : box.y + box.height;
}

/** The share of the timeline's pixels that are reddish. */
function redness(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('#timeline .rows canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let red = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0 && data[i] > data[i + 1] + 30 && data[i] > data[i + 2] + 30) red += 1;
    return red / (data.length / 4);
  })()`);
}

const BAD = { calls: 400, accounts: 8, overlaps: 0.2, inversions: 0.02 };

describe('report.html in a browser', () => {
  it.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
  ])(
    'shows a violation on the first screen of %s: verdict, rule, story and picture',
    async (_name, viewport) => {
      const { page, trouble } = await open(madeUpReport(BAD), { viewport });
      expect(await page.locator('h1').innerText()).toContain('VIOLATED');
      expect(await page.locator('.lead .story p').first().innerText()).toMatch(
        /arrived .* before that was answered/,
      );
      for (const part of ['h1', '.lead h3', '.lead .story p', '.lead .story-figure']) {
        expect(await bottomOf(page, part)).toBeLessThan(viewport.height);
      }
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
      expect(trouble).toEqual([]);
      await page.close();
    },
  );

  it('asks the network for nothing, and is at most 1 MiB for ten thousand calls', async () => {
    const parts = madeUpReport({ ...BAD, calls: 10_000, accounts: 100 });
    const { page, trouble } = await open(parts);
    await page.locator('#charts canvas').first().waitFor();
    expect(trouble).toEqual([]);
    expect(Buffer.byteLength(await htmlReport(parts))).toBeLessThanOrEqual(1024 * 1024);
    await page.close();
  });

  it('says verdict, rules and stories without scripts as well', async () => {
    const { page } = await open(madeUpReport(BAD), { javaScriptEnabled: false });
    expect(await page.locator('.rules tbody tr').count()).toBe(10);
    expect(await page.locator('.lead').innerText()).toContain('no-overlap');
    await page.close();
  });

  it('is led by keys: violations, calls, zoom', async () => {
    const { page } = await open(madeUpReport(BAD));
    const facts = page.locator('.facts-of-call h3');
    const shown = page.locator('#timeline .window');
    const first = await facts.innerText();
    await page.locator('#timeline .rows').focus();
    await page.keyboard.press('n');
    const second = await facts.innerText();
    expect(second).not.toBe(first);
    await page.keyboard.press('p');
    expect(await facts.innerText()).toBe(first);
    await page.keyboard.press(']');
    expect(Number(/#(\d+)/.exec(await facts.innerText())?.[1])).toBe(Number(/#(\d+)/.exec(first)?.[1]) + 1);
    const before = await shown.innerText();
    await page.keyboard.press('0');
    await expect.poll(() => shown.innerText()).not.toBe(before);
    await page.close();
  });

  it('leads from the story to the call in the timeline', async () => {
    const { page } = await open(madeUpReport(BAD));
    const button = page.locator('.story [data-seq]').last();
    const seq = await button.innerText();
    await button.click();
    expect(await page.locator('.facts-of-call h3').innerText()).toContain(seq);
    await expect(page.locator('#timeline .rows').isVisible()).resolves.toBe(true);
    await page.close();
  });

  it('tells the facts of a bar that is clicked', async () => {
    const { page } = await open(madeUpReport({ calls: 3, accounts: 1 }));
    const canvas = page.locator('#timeline .rows canvas');
    await canvas.scrollIntoViewIfNeeded();
    expect(await page.locator('.facts-of-call').isVisible()).toBe(false);
    const box = await canvas.boundingBox();
    await canvas.click({ position: { x: (box?.width ?? 0) - 60, y: 34 } });
    await expect.poll(() => page.locator('.facts-of-call h3').innerText()).toBe('MASTER OpenOrders #3');
    await page.close();
  });

  it('marks overlaps in red, and nothing where there is none', async () => {
    const bad = await open(madeUpReport(BAD));
    await expect.poll(() => redness(bad.page)).toBeGreaterThan(0.02);
    const good = await open(madeUpReport({ calls: 400, accounts: 8 }));
    await good.page.locator('#charts canvas').first().waitFor();
    expect(await redness(good.page)).toBe(0);
    expect(await good.page.locator('[data-action=first]').isVisible()).toBe(false);
    await Promise.all([bad.page.close(), good.page.close()]);
  });

  it.each(['light', 'dark'] as const)(
    'can be read in the %s: text stands out from what is behind it',
    async (colorScheme) => {
      const { page } = await open(madeUpReport(BAD), { colorScheme });
      const selectors = [
        'h1 .word',
        '.sentence',
        '.facts dt',
        '.story p',
        '.badge.violated',
        '.badge.held',
        '.rules small',
        '.help',
        '.toolbar button',
      ];
      for (const selector of selectors) {
        expect(await contrastOf(page, selector), selector).toBeGreaterThanOrEqual(4.5);
      }
      await page.close();
    },
  );

  it('shows what came from outside as text, whatever it contains', async () => {
    const evil = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';
    const calls = madeUpCalls({ calls: 4, accounts: 2, overlaps: 1 }).map((call) => ({
      ...call,
      account: evil,
      method: evil,
      nonce: evil,
      error: evil,
    }));
    const { page, trouble } = await open(reportParts(calls, evil));
    await page.locator('#timeline .rows').focus();
    await page.keyboard.press(']');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('.sentence').innerText()).toContain('<img src=x');
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('says so when there was no call', async () => {
    const { page, trouble } = await open(reportParts([], 'true'));
    expect(await page.locator('h1').innerText()).toContain('INCONCLUSIVE');
    expect(await page.locator('.sentence').innerText()).toContain('made no private call');
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('opens with a hundred thousand calls, and finds its way among them', async () => {
    const { page, trouble } = await open(
      madeUpReport({ calls: 100_000, accounts: 100, overlaps: 0.002, inversions: 0.001 }),
    );
    await page.locator('#timeline .rows').focus();
    await page.keyboard.press('0');
    await expect.poll(() => page.locator('#timeline .window').innerText()).toMatch(/^0 to \d+ s$/);
    await page.keyboard.press('n');
    await expect.poll(() => page.locator('#timeline .window').innerText()).toContain('ms');
    expect(trouble).toEqual([]);
    await page.close();
  });
});

/** WCAG's contrast ratio between an element's text and the nearest background behind it. */
function contrastOf(page: Page, selector: string): Promise<number> {
  return page.evaluate(`(() => {
    const parse = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    let element = document.querySelector(${JSON.stringify(selector)});
    const front = luminance(parse(getComputedStyle(element).color));
    for (; element !== null; element = element.parentElement) {
      const color = parse(getComputedStyle(element).backgroundColor);
      if (color.length === 3 || color[3] > 0) {
        const back = luminance(color);
        return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
      }
    }
    return 0;
  })()`);
}
