/** Journey 6: alerts one by one: found, judged, moved, and kept quiet after seeing what would vanish. */
import { describe, expect, test } from 'vitest';
import { accessible } from '../accessible';
import { isReal, journey, press, said, undo } from './helpers';

const state = journey();

describe('alerts', () => {
  test('an alert is found by a filter, shows why and its rows, and its address is shared', async () => {
    const { page, leave } = await state.open('/overview');
    await press(page, 'g', 'a');
    await page.waitForURL(/\/alerts/);
    const grid = page.getByRole('grid', { name: 'Alerts' });
    await grid.getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: /^Severity/ }).first().click();
    await page.getByRole('menuitemcheckbox', { name: 'High' }).click();
    await page.waitForURL(/sev=high/);
    await page.keyboard.press('Escape');
    await page.locator('[role="grid"]:not([aria-busy]) [role="row"][data-key]').first().waitFor();
    await press(page, 'j');
    const pane = page.getByRole('complementary', { name: 'Alert' });
    await pane.getByText('Why this severity').waitFor();
    await pane.getByTestId('raw-rows').locator('tbody tr').first().waitFor();
    await accessible(page, 'alerts with the pane');
    const title = await pane.getByRole('heading', { level: 2 }).textContent();
    await page.goto(page.url());
    await page.getByRole('complementary', { name: 'Alert' }).getByRole('heading', { name: title ?? '' }).waitFor();
    await leave();
  });

  test('its status is changed by keys, at once, and taken back', async () => {
    const { page, leave } = await state.open('/alerts');
    await page.getByRole('grid', { name: 'Alerts' }).getByRole('row').nth(1).waitFor();
    await press(page, 'j');
    const field = page.getByRole('button', { name: /^Status: / });
    await field.waitFor();
    const before = (await field.getAttribute('aria-label')) ?? '';
    await press(page, 's');
    await page.getByRole('menuitemradio', { name: 'Resolved' }).click();
    await said(page, 'The alert is now: Resolved.');
    await page.getByRole('button', { name: 'Status: Resolved' }).waitFor();
    await undo(page);
    await page.getByRole('button', { name: before }).waitFor();
    await leave();
  });

  test.skipIf(!isReal)('an alert is moved to another incident, opened there, and brought back', async () => {
    const { page, leave } = await state.open('/alerts');
    const grid = page.getByRole('grid', { name: 'Alerts' });
    await grid.getByRole('row').nth(1).click();
    const pane = page.getByRole('complementary', { name: 'Alert' });
    const into = async () => Number((await pane.getByRole('button', { name: /^Open in incident/ }).textContent())?.replace(/\D/g, ''));
    const from = await into();
    const to = from === 1 ? 2 : 1;
    await pane.getByRole('button', { name: 'Move…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Number or words').fill(`#${to}`);
    await dialog.getByRole('radio', { name: new RegExp(`^${to} `) }).check();
    await accessible(page, 'add to an incident');
    await dialog.getByRole('button', { name: /^Add to incident \d/ }).click();
    await said(page, /The alert is in incident/);
    await pane.getByRole('button', { name: `Open in incident ${to}` }).waitFor();
    await undo(page);
    await pane.getByRole('button', { name: `Open in incident ${from}` }).waitFor();
    await leave();
  });

  test('what a suppression rule would hide is shown before it is saved; it is undone', async () => {
    const { page, leave } = await state.open('/alerts?view=all');
    await page.getByRole('grid', { name: 'Alerts' }).getByRole('row').nth(1).click();
    await page.getByRole('button', { name: 'Suppress…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/It would have kept \d+ of \d+ alerts/).waitFor();
    expect(await dialog.getByRole('list', { name: 'Alerts that would vanish' }).getByRole('listitem').count()).toBeGreaterThan(0);
    await accessible(page, 'suppress');
    await dialog.getByLabel('Why this is expected').fill('The backup of that machine reads it every night');
    await dialog.getByRole('button', { name: 'Suppress them' }).click();
    await said(page, /Alerts like this one are kept quiet/);
    await undo(page);
    await leave();
  });

  test('an address of an alert that is gone says so', async () => {
    const { page, leave } = await state.open('/alerts/00000000-0000-4000-8000-00000000dead');
    await page.getByText(/There is no alert 00000000/).waitFor();
    await leave();
  });
});
