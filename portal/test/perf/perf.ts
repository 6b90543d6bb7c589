/** What a person feels: the first row, and scrolling long lists. Figures depend on the machine; the limits are generous ones for two shared cores. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launch, newPage, openTarget, signIn, type Target } from '../browser';

const FIRST_ROW_MS = 2000;
const FRAME_P95_MS = 100;

async function frames(page: Page): Promise<number[]> {
  return page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const grid = document.querySelector('[role="grid"]');
        const times: number[] = [];
        let last = performance.now();
        const step = (now: number) => {
          times.push(now - last);
          last = now;
          grid?.scrollBy(0, 90);
          if (times.length < 120) requestAnimationFrame(step);
          else resolve(times.slice(5));
        };
        requestAnimationFrame(step);
      }),
  );
}

const at = (list: number[], share: number) => [...list].sort((a, b) => a - b)[Math.floor(list.length * share)] ?? 0;

describe('speed', () => {
  let browser: Browser;
  let target: Target;
  beforeAll(async () => {
    [browser, target] = await Promise.all([launch(), openTarget()]);
  });
  afterAll(async () => {
    await browser.close();
    await target.fixture?.close();
  });

  test('the first row of Incidents stands soon, and scrolling keeps its frames', async () => {
    const { page, context } = await newPage(browser, target);
    await signIn(page, target);
    const begun = Date.now();
    await page.goto(`${target.url}/incidents?view=all`);
    await page.getByRole('row').nth(1).waitFor();
    const first = Date.now() - begun;
    await page.waitForTimeout(1500);
    const times = await frames(page);
    console.log(`incidents: first row ${first} ms, frames median ${at(times, 0.5).toFixed(1)} ms, p95 ${at(times, 0.95).toFixed(1)} ms`);
    expect(first).toBeLessThan(FIRST_ROW_MS);
    expect(at(times, 0.95)).toBeLessThan(FRAME_P95_MS);
    await context.close();
  });

  test.skipIf(process.env['VEDETTE_URL'])('12,480 rows of a query scroll as well', async () => {
    const { page, context } = await newPage(browser, target);
    await signIn(page, target, `/logs?text=${encodeURIComponent('DeviceProcessEvents')}&run=1`);
    await page.locator('[data-status="done"]').waitFor();
    await page.locator('[data-ready="true"]').waitFor();
    await page.waitForTimeout(1500);
    const times = await frames(page);
    console.log(`logs: frames median ${at(times, 0.5).toFixed(1)} ms, p95 ${at(times, 0.95).toFixed(1)} ms`);
    expect(at(times, 0.95)).toBeLessThan(FRAME_P95_MS);
    await context.close();
  });
});
