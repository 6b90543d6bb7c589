/** Journey 1: a whole case, from the overview to the verdict, with the mouse and with keys. */
import { describe, expect, test } from 'vitest';
import { journey, press, said } from './helpers';

const state = journey();

describe('a case', () => {
  test('with the mouse: take, read the raw rows, note, close in at most 10 clicks', async () => {
    const { page, counted, leave } = await state.open('/overview');
    const begun = Date.now();
    await page.getByRole('button', { name: /^Take incident/ }).first().click();
    await said(page, /is yours, in progress/);
    await page.getByRole('tab', { name: /^Alerts/ }).click();
    await page.getByRole('button', { name: /^Rows of/ }).first().click();
    const rows = page.getByTestId('raw-rows').locator('tbody tr');
    await rows.first().waitFor();
    expect(await rows.count()).toBeGreaterThan(0);
    await page.getByRole('tab', { name: /^Comments/ }).click();
    await page.getByRole('textbox', { name: 'Comment' }).click();
    await page.keyboard.type('The rows say what happened.');
    await page.keyboard.press('Control+Enter');
    await page.locator('li').getByText('The rows say what happened.').waitFor();
    await page.getByRole('button', { name: 'Close…' }).click();
    await page.getByRole('radio', { name: /True positive/ }).click();
    await page.getByRole('button', { name: 'Close incident' }).click();
    await said(page, /\d+ is closed/);
    const done = await counted();
    expect(done.clicks).toBeLessThanOrEqual(10);
    console.log(`case with the mouse: ${done.clicks} clicks, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    await page.getByRole('button', { name: 'Reopen' }).waitFor();
    await leave();
  });

  test('with keys only: at most 20 of them', async () => {
    const { page, counted, leave } = await state.open('/overview');
    const begun = Date.now();
    await press(page, 'g', 'i');
    await page.getByRole('grid', { name: 'Incidents' }).getByRole('row').nth(1).waitFor();
    await press(page, 'j');
    await page.getByRole('complementary', { name: /^Incident \d+/ }).waitFor();
    await press(page, 'm');
    await said(page, /is yours, in progress/);
    await page.getByRole('navigation', { name: 'Where you are' }).waitFor();
    await press(page, 'r');
    await page.getByTestId('raw-rows').locator('tbody tr').first().waitFor();
    await press(page, 'n');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.type('Seen.');
    await page.keyboard.press('Control+Enter');
    await page.locator('li').getByText('Seen.').first().waitFor();
    await page.keyboard.press('Escape');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await press(page, 'c');
    await page.getByRole('radio', { name: /True positive/ }).waitFor();
    await page.keyboard.press('5');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.type('Cannot be decided.');
    await page.keyboard.press('Control+Enter');
    await said(page, /\d+ is closed/);
    const done = await counted();
    expect(done.clicks).toBe(0);
    expect(done.keys).toBeLessThanOrEqual(20);
    console.log(`case with keys: ${done.keys} keys, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    await leave();
  });
});
