/** Journey 9: a watchlist is uploaded after looking at it, edited, read by a query, and an earlier version had back. */
import { describe, expect, test } from 'vitest';
import { accessible } from '../accessible';
import type { Page } from 'playwright-core';
import { call, isReal, journey, places, press, said, undo } from './helpers';

const state = journey();
const STAMP = Date.now().toString(36);

/** A list that is there already, with a version before its last. */
async function makeList(page: Page, alias: string): Promise<void> {
  const path = `${(await places(page)).workspace}/providers/Microsoft.SecurityInsights/watchlists/${alias}?api-version=2023-02-01`;
  for (const rawContent of ['Account,Name\nalice,Alice\nbob,Bob\n', 'Account,Name\nalice,Alice Lind\nbob,Bob\ncarol,Carol\n']) {
    const properties = { displayName: alias, provider: 'Vedette', source: 'Local file', contentType: 'text/csv', itemsSearchKey: 'Account', rawContent };
    expect((await call(page, 'PUT', path, { properties })).status).toBeLessThan(300);
  }
}

describe.skipIf(!isReal)('watchlists', () => {
  test('bad lines are named before anything is sent; a good file becomes a list', async () => {
    const alias = `journey-${STAMP}`;
    const { page, leave } = await state.open('/watchlists');
    await page.getByRole('heading', { name: 'Watchlists' }).waitFor();
    await accessible(page, 'watchlists');
    await page.getByRole('button', { name: 'Upload CSV…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Browse…').last().setInputFiles({ name: `${alias}.csv`, mimeType: 'text/csv', buffer: Buffer.from('Account,Name\nalice,Alice\nbob\n') });
    await dialog.getByText('Line 3 has 1 cells, and there are 2 columns.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Make watchlist' }).getAttribute('aria-disabled')).toBe('true');
    await dialog.getByLabel(/^Content/).fill('Account,Name\nalice,Alice\nbob,Bob\n');
    await dialog.getByRole('tab', { name: 'New 2' }).waitFor();
    await accessible(page, 'upload');
    await dialog.getByRole('button', { name: 'Make watchlist' }).click();
    await page.waitForURL(new RegExp(`watchlists/${alias}`));
    await said(page, /2 new, 0 changed, 0 removed/);
    await page.getByRole('gridcell', { name: 'alice', exact: true }).waitFor();
    await leave();
  });

  test('an item is edited by keys, added, and what a query reads follows', async () => {
    const { page, leave } = await state.open('/watchlists');
    const alias = `edited-${STAMP}`;
    await makeList(page, alias);
    await page.goto(`${state.target.url}/watchlists/${alias}`);
    await page.getByRole('gridcell', { name: 'alice', exact: true }).waitFor();
    await press(page, 'j');
    const pane = page.getByRole('complementary', { name: 'Item' });
    await pane.getByLabel('Name').fill('Alice Lund');
    await pane.getByLabel('Name').press('Enter');
    await said(page, 'alice is saved.');
    await page.getByRole('gridcell', { name: 'Alice Lund' }).waitFor();
    await page.getByRole('button', { name: 'Add item' }).click();
    await pane.getByLabel('Account (search key)').fill('dave');
    await accessible(page, 'watchlist item');
    await pane.getByRole('button', { name: 'Add item' }).click();
    await page.getByRole('gridcell', { name: 'dave', exact: true }).waitFor();
    await page.getByText(`_GetWatchlist('${alias}')`).waitFor();
    await page.getByRole('button', { name: 'Open in Logs' }).click();
    await page.locator('[data-status="done"]').waitFor();
    await page.getByText('dave').first().waitFor();
    await leave();
  });

  test('a version shows what it did and is had back; the list is deleted and comes back', async () => {
    const { page, leave } = await state.open('/watchlists');
    const alias = `old-${STAMP}`;
    await makeList(page, alias);
    await page.goto(`${state.target.url}/watchlists/${alias}?tab=versions`);
    await page.getByRole('button', { name: 'Look' }).first().click();
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
    await undo(page);
    await page.getByRole('link', { name: alias }).waitFor();
    await leave();
  });
});
