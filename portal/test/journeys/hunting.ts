/** Journey 10: all queries run, a row is kept and becomes a case; a query goes on running and its rows come by themselves. */
import { describe, expect, test } from 'vitest';
import { accessible } from '../accessible';
import { isReal, journey, press, said } from './helpers';

const state = journey();

describe.skipIf(!isReal)('hunting', () => {
  test('run all: counts come, a tactic narrows, rows of a query are kept and made an incident', async () => {
    const { page, leave } = await state.open('/overview');
    await press(page, 'g', 'h');
    const grid = page.getByRole('grid', { name: 'Hunting queries' });
    await grid.getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: 'Run all' }).click();
    await page.getByRole('menuitem', { name: 'Over all there is' }).click();
    await page.getByText(/\d+ of \d+ found something/).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /^Found something/ }).click();
    await page.waitForURL(/found=1/);
    await accessible(page, 'hunting');
    await grid.getByRole('row').nth(1).click();
    const pane = page.getByRole('complementary', { name: 'Query' });
    await pane.getByText(/rows?, \d+ of them new/).waitFor();
    await pane.getByRole('button', { name: 'Bookmark…' }).first().click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Found while hunting');
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await said(page, 'The row is kept.');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await accessible(page, 'hunting with the pane');
    await page.getByRole('tab', { name: /^Bookmarks/ }).click();
    await page.getByRole('gridcell', { name: 'Found while hunting' }).first().click();
    await page.getByRole('button', { name: 'Make incident…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title').fill('A case from the hunt');
    await accessible(page, 'promote');
    await dialog.getByRole('button', { name: 'Make incident' }).click();
    await page.waitForURL(/incidents\/\d+\?tab=bookmarks/);
    await page.getByRole('heading', { name: 'A case from the hunt' }).waitFor();
    await page.getByText('Found while hunting').first().waitFor();
    await leave();
  });

  test('a query of one’s own is kept beside those that ship', async () => {
    const { page, leave } = await state.open('/hunting');
    await page.getByRole('button', { name: 'New query…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Who asked for what');
    await dialog.getByLabel('KQL').fill('SecurityEvent | summarise count()');
    await dialog.getByRole('button', { name: 'Save query' }).click();
    await dialog.getByText(/summari[sz]e/).nth(1).waitFor();
    await dialog.getByLabel('KQL').fill('SecurityEvent | summarize count() by EventID');
    await dialog.getByLabel('Tactic').selectOption('Discovery');
    await dialog.getByRole('button', { name: 'Save query' }).click();
    await said(page, 'Who asked for what is kept.');
    await page.getByRole('searchbox').fill('who asked');
    await page.getByRole('gridcell', { name: 'Who asked for what' }).first().waitFor();
    await leave();
  });

  test('a livestream shows what arrives by itself, rests and is deleted', async () => {
    const { page, leave } = await state.open('/hunting?tab=livestream');
    await page.getByRole('button', { name: 'New livestream…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('What people do here');
    await dialog.getByLabel('KQL').fill('SentinelAudit | project TimeGenerated, OperationName');
    await dialog.getByLabel('Look every').selectOption('5');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { name: 'What people do here' }).waitFor();
    await accessible(page, 'livestream');
    const other = await state.open('/hunting?tab=livestream');
    await other.page.getByRole('button', { name: 'Pause' }).waitFor();
    await other.leave();
    await page.getByRole('region', { name: 'Rows of the livestream' }).locator('tbody tr').first().waitFor({ timeout: 60_000 });
    await accessible(page, 'livestream with rows');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Start' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await said(page, 'What people do here is deleted.');
    expect(page.url()).not.toContain('sel=');
    await leave();
  });
});
