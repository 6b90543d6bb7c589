/** Journey 7: incidents are merged, split and changed together, rows are kept; each is taken back as one. */
import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { accessible } from '../accessible';
import { checkRows, isReal, journey, said, undo } from './helpers';

const state = journey();
const grid = (page: Page) => page.getByRole('grid', { name: 'Incidents' });

/** Opens an incident of at least `n` alerts; says its number. */
async function openWith(page: Page, n: number): Promise<number> {
  await grid(page).getByRole('row').nth(1).waitFor();
  await page.getByRole('columnheader', { name: 'Alerts' }).getByRole('button').click();
  await page.waitForURL(/sort=-alerts/);
  await grid(page).getByRole('row').nth(1).dblclick();
  await page.getByRole('tab', { name: new RegExp(`^Alerts ([${n}-9]|\\d\\d)`) }).waitFor();
  return Number(/incidents\/(\d+)/.exec(page.url())?.[1]);
}

describe.skipIf(!isReal)('casework', () => {
  test('two checked incidents become one, and two again', async () => {
    const { page, leave } = await state.open('/incidents');
    await checkRows(grid(page), 2);
    const rows = await grid(page).getByRole('row').count();
    await page.getByRole('toolbar').getByRole('button', { name: 'Merge…' }).click();
    await page.getByRole('dialog').getByRole('radio').first().waitFor();
    await accessible(page, 'merge of checked incidents');
    await page.getByRole('button', { name: /^Merge into \d+/ }).click();
    await said(page, /1 incident went into \d+/);
    await page.waitForFunction((before) => document.querySelectorAll('[role="grid"] [role="row"]').length < before, rows);
    await undo(page);
    await page.waitForFunction((before) => document.querySelectorAll('[role="grid"] [role="row"]').length === before, rows);
    await leave();
  });

  test('an alert is split off into an incident of its own, and comes back', async () => {
    const { page, leave } = await state.open('/incidents');
    await openWith(page, 2);
    const before = await page.getByRole('tab', { name: /^Alerts/ }).textContent();
    await page.getByRole('button', { name: 'Merge, split' }).click();
    await page.getByRole('menuitem', { name: 'Split…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox').last().check();
    await dialog.getByLabel('Title of the new incident').fill('Split off by a journey');
    await accessible(page, 'split');
    await dialog.getByRole('button', { name: 'Split off 1 alert' }).click();
    await said(page, /1 alert has an incident of/);
    await expect.poll(() => page.getByRole('tab', { name: /^Alerts/ }).textContent()).not.toBe(before);
    await undo(page);
    await expect.poll(() => page.getByRole('tab', { name: /^Alerts/ }).textContent()).toBe(before);
    await leave();
  });

  test('an incident is merged into one that is found by its number, and is itself again', async () => {
    const { page, leave } = await state.open('/incidents');
    const number = await openWith(page, 1);
    await page.getByRole('button', { name: 'Merge, split' }).click();
    await page.getByRole('menuitem', { name: 'Merge…' }).click();
    const into = number === 1 ? 2 : 1;
    await page.getByRole('dialog').getByLabel('Number or words').fill(`#${into}`);
    await page.getByRole('dialog').getByRole('radio', { name: new RegExp(`^${into} `) }).check();
    await page.getByRole('button', { name: `Merge into ${into}` }).click();
    await said(page, `1 incident went into ${into}.`);
    await page.waitForURL(new RegExp(`incidents/${into}`));
    await undo(page);
    await page.goto(`${state.target.url}/incidents/${number}`);
    await page.getByRole('button', { name: 'Close…' }).waitFor();
    await leave();
  });

  test('a row of a query is kept in an incident with a note, and taken out again', async () => {
    const { page, leave } = await state.open(`/logs?text=${encodeURIComponent('SecurityEvent | take 3')}&run=1&t=all`);
    await page.locator('[data-status="done"]').waitFor();
    await page.getByRole('button', { name: 'Show all fields' }).first().click();
    await page.getByRole('button', { name: 'Bookmark…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('The row that began it');
    await dialog.getByLabel('Notes').fill('Seen **first** here');
    await dialog.getByLabel('Put it into an incident').check();
    await dialog.getByLabel('Number or words').fill('#2');
    await dialog.getByRole('radio', { name: /^2 / }).check();
    await accessible(page, 'bookmark a row');
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await said(page, 'The row is kept in incident 2.');
    await page.goto(`${state.target.url}/incidents/2?tab=bookmarks`);
    await page.getByRole('button', { name: 'Row of The row that began it' }).first().click();
    await page.getByText('EventID', { exact: true }).first().waitFor();
    await accessible(page, 'bookmarks');
    await page.getByRole('button', { name: 'Take The row that began it out of the incident' }).first().click();
    await said(page, 'The row that began it is out of the incident.');
    await leave();
  });
});
