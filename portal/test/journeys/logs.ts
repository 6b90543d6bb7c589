/** Journey 3: asking with KQL. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { journey } from './helpers';

const state = journey();
const TABLE = process.env['VEDETTE_TABLE'] ?? 'DeviceProcessEvents';
const link = (text: string, more = '&t=all') => `/logs?text=${encodeURIComponent(text)}&run=1${more}`;
const done = (page: Page, status = 'done') => page.locator(`[data-status="${status}"]`).waitFor();
const rowsShown = (page: Page) => page.getByRole('grid', { name: 'Results' }).getByRole('row');

async function type(page: Page, text: string): Promise<void> {
  await page.locator('[data-ready="true"]').waitFor();
  await page.locator('.view-lines').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

describe('logs', () => {
  test('a query is typed, run with Shift Enter, and stands in the address', async () => {
    const { page, leave } = await state.open('/logs?t=all');
    await type(page, `${TABLE}\n| take 20`);
    await page.keyboard.press('Shift+Enter');
    await done(page);
    await page.getByText('20 rows').first().waitFor();
    await page.waitForURL(/q=[\w-]+/);
    const address = page.url();
    await page.goto(address);
    await done(page);
    expect(await rowsShown(page).count()).toBeGreaterThan(5);
    await leave();
  });

  test('an error is said in words, with its place, which leads into the editor', async () => {
    const { page, leave } = await state.open(link(`${TABLE}\n| take 5\n| union SecurityEvnt`));
    await done(page, 'failed');
    await page.getByText(/SecurityEvnt/).first().waitFor();
    const place = page.getByRole('button', { name: /^line 3, column \d+$/ });
    await place.waitFor();
    await page.locator('[data-ready="true"]').waitFor();
    await place.click();
    await page.waitForFunction(() => document.activeElement?.closest('.monaco-editor') !== null);
    await leave();
  });

  test('a cell becomes a filter, a row opens as fields, and the result goes out as CSV', async () => {
    const { page, leave } = await state.open(link(`${TABLE}\n| take 50`));
    await done(page);
    await page.getByRole('grid', { name: 'Results' }).getByRole('button', { name: 'Show all fields' }).first().click();
    await page.locator('dt').filter({ hasText: 'TimeGenerated' }).waitFor();
    await page.getByRole('grid', { name: 'Results' }).getByRole('gridcell').nth(2).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Keep only this' }).click();
    await page.locator('.view-line').filter({ hasText: '==' }).first().waitFor();
    await done(page);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()]);
    const text = await readFile((await file.path()) ?? '', 'utf8');
    expect(text.split('\r\n')[0]).toContain('TimeGenerated');
    expect(text.split('\r\n').length).toBeGreaterThan(2);
    await leave();
  });

  test('render draws a chart', async () => {
    const { page, leave } = await state.open(link(`${TABLE}\n| summarize count() by bin(TimeGenerated, 1h)\n| render timechart`));
    await done(page);
    await page.locator('[role="img"] svg').waitFor();
    expect(await page.getByRole('tab', { name: 'Chart' }).getAttribute('aria-selected')).toBe('true');
    await leave();
  });

  test('no rows: it says in which range, and offers all times', async () => {
    const { page, leave } = await state.open(link(`${TABLE}\n| where false`, '&t=1h'));
    await done(page);
    await page.getByText(/No rows in this range \(Last hour\)/).waitFor();
    await page.getByRole('button', { name: 'Search all times' }).click();
    await page.waitForURL(/t=all/);
    await page.getByText(/No rows in this range \(Any time\)/).waitFor();
    await leave();
  });

  test('the editor knows the tables: completion offers one, nothing good is marked red', async () => {
    const { page, leave } = await state.open('/logs?t=all');
    await type(page, '');
    await page.keyboard.type(TABLE.slice(0, 12));
    const offered = page.locator('.suggest-widget .monaco-list-row').filter({ hasText: TABLE }).first();
    // What was typed before the language had come is asked about again.
    await expect.poll(() => page.keyboard.press('Control+Space').then(() => offered.isVisible()), { timeout: 50_000, interval: 500 }).toBe(true);
    await page.keyboard.press('Escape');
    await type(page, `${TABLE}\n| nothing of the language`);
    await page.locator('.squiggly-error').first().waitFor({ state: 'attached' });
    await type(page, `${TABLE}\n| where TimeGenerated > ago(1h)\n| take 1`);
    await expect.poll(() => page.locator('.squiggly-error').count()).toBe(0);
    await leave();
  });
});
