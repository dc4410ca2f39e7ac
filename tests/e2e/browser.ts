import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { packageRoot } from '../../src/base/package.js';

/** Where Debian and others put Chromium; nothing is downloaded. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; undefined where there is none. */
export const chromiumPath = places.find((path) => existsSync(path));

/** Why tests of pages are skipped, to append to their names. */
export const whereBrowser =
  chromiumPath === undefined ? ` (skipped: no Chromium in ${places.join(', ')})` : '';

/** Starts a browser for the tests of a file, and gives it to who asks in a test. */
export function browserOfFile(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (chromiumPath === undefined) return;
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath: chromiumPath, args });
  });
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error('no browser');
    return browser;
  };
}

/** How a page is looked at. */
export interface Look {
  readonly colorScheme: 'light' | 'dark';
  /** CSS pixels of the window. */
  readonly width: number;
}

/** Every way in which pages are looked at. */
export const looks: readonly Look[] = [360, 1280].flatMap((width) => [
  { colorScheme: 'light', width },
  { colorScheme: 'dark', width },
]);

/** A page that is open, and what it said and asked for. */
export interface OpenedPage {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

/** Opens a file as a reader does. */
export async function openPage(
  browser: Browser,
  path: string,
  { colorScheme, width }: Look,
): Promise<OpenedPage> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  return { page, complaints, requests };
}

/** Checks that a page is legible for everybody, in one look: no complaint, no request, no overflow, nothing that axe finds. */
export async function expectSound(browser: Browser, path: string, look: Look): Promise<void> {
  const { page, complaints, requests } = await openPage(browser, path, look);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  expect(overflow, `pixels too wide at ${look.width}`).toBeLessThanOrEqual(0);
  // Who uses the keyboard gets to every region that scrolls.
  const unreachable = await page.evaluate<string[]>(`[...document.querySelectorAll('*')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX))
    .filter((one) => one.tabIndex !== 0 || one.getAttribute('role') !== 'region' || !one.getAttribute('aria-label'))
    .map((one) => one.outerHTML.slice(0, 200))`);
  expect(unreachable).toEqual([]);
  await page.evaluate(await readFile(join(packageRoot, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8'));
  const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join('\n')}`,
  );
  expect(found).toEqual([]);
  expect(passes.map(({ id }) => id)).toContain('color-contrast');
  expect(complaints).toEqual([]);
  expect(requests).toEqual([pathToFileURL(path).href]);
  await page.context().close();
}

/** Numbers of drawn marks by kind in every plot that a reader sees, in the order of the page. */
export async function marksOf(page: Page): Promise<Record<string, number>[]> {
  return page.evaluate<Record<string, number>[]>(`[...document.querySelectorAll('svg')]
    .filter((svg) => svg.getClientRects().length > 0)
    .map((svg) => {
      const marks = {};
      for (const group of svg.querySelectorAll('.role-mark')) {
        const kind = [...group.classList].find((name) => name.startsWith('mark-')).slice('mark-'.length);
        if (kind !== 'group') marks[kind] = (marks[kind] ?? 0) + group.childElementCount;
      }
      return marks;
    })`);
}
