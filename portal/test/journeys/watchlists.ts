/** Journey 9: a watchlist is uploaded after looking at it, edited, read by a query, and an earlier version had back. */
import { describe, expect, test } from 'vitest';
import { accessible } from '../accessible';
import { isReal, journey, said } from './helpers';

const state = journey();
const ALIAS = `journey-${Date.now().toString(36)}`;

describe.skipIf(!isReal)('watchlists', () => {
  test('bad lines are named before anything is sent; a good file becomes a list', async () => {
    const { page, leave } = await state.open('/watchlists');
    await page.getByRole('heading', { name: 'Watchlists' }).waitFor();
    await accessible(page, 'watchlists');
    await page.getByRole('button', { name: 'Upload CSV…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Browse…').last().setInputFiles({ name: `${ALIAS}.csv`, mimeType: 'text/csv', buffer: Buffer.from('Account,Name\nalice,Alice\nbob\n') });
    await dialog.getByText('Line 3 has 1 cells, and there are 2 columns.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Make watchlist' }).getAttribute('aria-disabled')).toBe('true');
    await dialog.getByLabel(/^Content/).fill('Account,Name\nalice,Alice\nbob,Bob\n');
    await dialog.getByRole('tab', { name: 'New 2' }).waitFor();
    await accessible(page, 'upload');
    await dialog.getByRole('button', { name: 'Make watchlist' }).click();
    await page.waitForURL(new RegExp(`watchlists/${ALIAS}`));
    await said(page, /2 new, 0 changed, 0 removed/);
    await page.getByRole('gridcell', { name: 'alice', exact: true }).waitFor();
    await leave();
  });

  test('an item is edited by keys, added, and what a query reads follows', async () => {
    const { page, leave } = await state.open(`/watchlists/${ALIAS}`);
    await page.getByRole('gridcell', { name: 'alice', exact: true }).waitFor();
    await page.keyboard.press('j');
    const pane = page.getByRole('complementary', { name: 'Item' });
    await pane.getByLabel('Name').fill('Alice Lind');
    await pane.getByLabel('Name').press('Enter');
    await said(page, 'alice is saved.');
    await page.getByRole('gridcell', { name: 'Alice Lind' }).waitFor();
    await page.getByRole('button', { name: 'Add item' }).click();
    await pane.getByLabel('Account (search key)').fill('carol');
    await accessible(page, 'watchlist item');
    await pane.getByRole('button', { name: 'Add item' }).click();
    await page.getByRole('gridcell', { name: 'carol', exact: true }).waitFor();
    await page.getByText(`_GetWatchlist('${ALIAS}')`).waitFor();
    await page.getByRole('button', { name: 'Open in Logs' }).click();
    await page.locator('[data-status="done"]').waitFor();
    await page.getByText('carol').first().waitFor();
    await leave();
  });

  test('a version shows what it did and is had back; the list is deleted and comes back', async () => {
    const { page, leave } = await state.open(`/watchlists/${ALIAS}?tab=versions`);
    await page.getByRole('button', { name: 'Look' }).nth(1).click();
    await page.getByRole('tab', { name: 'Changed 1' }).waitFor();
    await accessible(page, 'versions');
    await page.getByRole('button', { name: 'Restore' }).last().click();
    await said(page, 'The list holds what version 1 held.');
    await page.getByRole('tab', { name: 'Items' }).click();
    await page.getByRole('gridcell', { name: 'bob', exact: true }).waitFor();
    await expect.poll(() => page.getByRole('gridcell', { name: 'carol', exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Delete' }).click();
    await said(page, /is deleted; its versions are kept/);
    await page.waitForURL(/watchlists$/);
    await page.keyboard.press('Control+z');
    await page.getByRole('link', { name: ALIAS }).waitFor();
    await leave();
  });
});
