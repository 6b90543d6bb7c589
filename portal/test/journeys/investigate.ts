/** Journey 5: an investigation: through the graph to a thing and on, a task, and taking it back. */
import { describe, expect, test } from 'vitest';
import { accessible } from '../accessible';
import { journey } from './helpers';

const state = journey();

describe('an investigation', () => {
  test('the graph leads from an alert to a machine and on; the page of the machine says why it is worrying', async () => {
    const { page, leave } = await state.open('/incidents');
    await page.getByRole('grid', { name: 'Incidents' }).getByRole('row').nth(1).dblclick();
    await page.getByRole('tab', { name: /^Graph/ }).click();
    const graph = page.getByRole('group', { name: 'Graph' });
    await graph.getByRole('button').first().waitFor();
    const things = await graph.getByRole('button').evaluateAll((all) => all.map((one) => ({ title: one.getAttribute('title') ?? '', left: parseFloat(one.style.left) })));
    expect(things.length).toBeGreaterThan(1);
    const right = Math.max(...things.map((one) => one.left));
    const single = things.findIndex((one) => one.left === right && !one.title.includes('\n')); // a group lists what stands in it
    await accessible(page, 'graph');
    await graph.getByRole('button').nth(single).click();
    const pane = page.getByRole('complementary').last();
    await pane.getByRole('button', { name: 'Related alerts' }).click();
    await pane.getByText('The query as it ran').waitFor();
    expect(await pane.locator('tbody tr').count()).toBeGreaterThan(0);
    await accessible(page, 'graph, expanded');
    await pane.getByRole('link', { name: /^All about/ }).click();
    await page.getByRole('heading', { name: 'Risk' }).waitFor();
    await page.getByRole('heading', { name: 'Incidents' }).waitFor();
    expect(await page.getByRole('link', { name: /^\d+ / }).count()).toBeGreaterThan(0);
    await accessible(page, 'page of a thing');
    await leave();
  });

  test('a task is written down, done, and taken back in the history', async () => {
    const { page, leave } = await state.open('/incidents');
    await page.getByRole('grid', { name: 'Incidents' }).getByRole('row').nth(1).dblclick();
    await page.getByRole('tab', { name: /^Tasks/ }).click();
    await page.getByRole('textbox', { name: 'What is to be done' }).fill('Ask the owner of the machine');
    await page.keyboard.press('Enter');
    const task = page.getByRole('checkbox', { name: 'Ask the owner of the machine' });
    await task.click();
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLInputElement>('input[type=checkbox]')].some((one) => one.checked));
    await accessible(page, 'tasks');
    await page.getByRole('tab', { name: /^History/ }).click();
    await page.getByRole('button', { name: 'Undo: task completed' }).first().click();
    await page.getByText('Undone').first().waitFor();
    await accessible(page, 'history');
    await page.getByRole('tab', { name: /^Tasks/ }).click();
    await expect.poll(() => task.isChecked()).toBe(false);
    await leave();
  });
});
