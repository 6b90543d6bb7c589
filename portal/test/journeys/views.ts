/** Journey 12: a view of the queue is named, opened and begun with; the bell says what is new until it is looked at. */
import { describe, test } from 'vitest';
import { accessible } from '../accessible';
import { isReal, journey, said } from './helpers';

const state = journey();
const NAME = `Grave ones ${Date.now().toString(36)}`;

describe.skipIf(!isReal)('views and news', () => {
  test('filters are kept under a name, come back with one click, and are what one begins with', async () => {
    const { page, leave } = await state.open('/incidents?view=all&sev=high');
    await page.getByRole('grid', { name: 'Incidents' }).getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: /^Views/ }).click();
    await page.getByRole('menuitem', { name: 'Save this view…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(NAME);
    await dialog.getByLabel('Begin with it').check();
    await accessible(page, 'save a view');
    await dialog.getByRole('button', { name: 'Save view' }).click();
    await said(page, `The view ${NAME} is saved.`);
    await page.getByRole('button', { name: `Views: ${NAME}` }).waitFor();
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Incidents/ }).click();
    await page.waitForURL(/view=all&sev=high|sev=high&view=all/);
    await page.getByRole('button', { name: `Views: ${NAME}` }).click();
    await page.getByRole('menuitem', { name: `Delete ${NAME}` }).click();
    await said(page, `The view ${NAME} is deleted.`);
    await leave();
  });

  test('the bell counts high incidents that were not seen, lists them, and is quiet afterwards', async () => {
    const { page, leave } = await state.open('/overview');
    const bell = page.getByRole('button', { name: /^Notifications, \d+ unseen/ });
    await bell.waitFor();
    await bell.click();
    const list = page.getByRole('group', { name: 'New incidents, high' }).or(page.getByRole('dialog', { name: 'New incidents, high' }));
    const first = list.getByRole('link').first();
    await first.waitFor();
    await accessible(page, 'the bell');
    await first.click();
    await page.waitForURL(/incidents\/\d+/);
    await page.getByRole('button', { name: 'Notifications, none unseen' }).waitFor();
    await leave();
    const elsewhere = await state.open('/overview'); // another browser of the same person
    const noticed = elsewhere.page.waitForResponse((answer) => answer.url().includes('/mySettings/noticed'));
    const news = elsewhere.page.waitForResponse((answer) => answer.url().includes('createdTimeUtc'));
    await elsewhere.page.reload();
    await Promise.all([noticed, news]);
    await elsewhere.page.getByRole('button', { name: 'Notifications, none unseen' }).waitFor();
    await elsewhere.leave();
  });
});
