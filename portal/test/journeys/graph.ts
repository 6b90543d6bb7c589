/** Journey 8: the investigation on a page of its own: asked on, walked by keys, held in the address, saved and shared. */
import { describe, expect, test } from 'vitest';
import { accessible } from '../accessible';
import { isReal, journey, press, said } from './helpers';

const state = journey();

describe.skipIf(!isReal)('the investigation graph', () => {
  test('from the incident by a key, on by a question, and the address shows the same to whoever gets it', async () => {
    const { page, leave } = await state.open('/incidents/1');
    await page.getByRole('tab', { name: /^Alerts \d/ }).waitFor();
    await press(page, 'i');
    await page.waitForURL(/incidents\/1\/graph/);
    const graph = page.getByRole('group', { name: 'Graph' });
    await graph.getByRole('button').first().waitFor();
    await press(page, 'ArrowDown');
    await page.waitForURL(/node=/);
    const first = new URL(page.url()).searchParams.get('node');
    await page.getByRole('complementary').last().waitFor();
    await press(page, 'ArrowRight');
    await page.waitForURL((url) => url.searchParams.get('node') !== first);
    const pane = page.getByRole('complementary').last();
    await pane.getByRole('button', { name: 'Related alerts' }).waitFor();
    await press(page, '+');
    await page.waitForFunction(() => document.activeElement?.id === 'graph-question');
    await pane.getByRole('button', { name: 'Related alerts' }).click();
    await page.waitForURL(/ex=/);
    await pane.getByText('The query as it ran').first().waitFor();
    const nodes = await graph.getByRole('button').count();
    await accessible(page, 'the graph, asked on');
    await page.goto(page.url());
    await pane.getByText('The query as it ran').first().waitFor();
    expect(await graph.getByRole('button').count()).toBe(nodes);
    await page.goBack();
    await leave();
  });

  test('a window of time makes the rest faint; the raw rows of an alert are beside it; o is the table', async () => {
    const { page, leave } = await state.open('/incidents/1/graph');
    const strip = page.getByRole('region', { name: 'Timeline' });
    const first = strip.getByRole('button', { name: /\d\d:\d\d / }).first();
    await first.waitFor();
    await first.press('Enter');
    await page.getByTestId('raw-rows').locator('tbody tr').first().waitFor();
    await strip.getByLabel('From', { exact: true }).fill('2030-01-01T00:00:01');
    await page.waitForURL(/from=2030/);
    await strip.getByText(/^0 of \d+ events/).waitFor();
    await strip.getByRole('button', { name: 'Show all of the time' }).click();
    await page.getByRole('heading', { name: 'Investigation graph' }).click();
    await press(page, 'o');
    await page.getByRole('columnheader', { name: 'How', exact: true }).waitFor();
    await accessible(page, 'the graph as a table');
    await leave();
  });

  test('a node is hidden by a key, the address and the menu keep it, and it is shown again', async () => {
    const { page, leave } = await state.open('/incidents/1/graph');
    const nodes = page.getByRole('group', { name: 'Graph' }).getByRole('button');
    await nodes.nth(1).click();
    await page.waitForURL(/node=/);
    const all = await nodes.count();
    await page.getByRole('complementary').last().getByRole('button', { name: 'Hide' }).waitFor();
    await press(page, 'h');
    await page.waitForURL(/hide=/);
    await expect.poll(() => nodes.count()).toBe(all - 1);
    await page.goto(page.url());
    await page.getByRole('button', { name: '1 hidden' }).click();
    expect(await nodes.count()).toBe(all - 1);
    await accessible(page, 'hidden nodes');
    await page.getByRole('menuitem', { name: 'Show all' }).click();
    await expect.poll(() => nodes.count()).toBe(all);
    await leave();
  });

  test('a state is saved under a name, and its address alone brings it back', async () => {
    const { page, leave } = await state.open('/incidents/1/graph');
    await page.getByRole('group', { name: 'Graph' }).getByRole('button').nth(1).click();
    await page.waitForURL(/node=/);
    const node = new URL(page.url()).searchParams.get('node');
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Where it went next');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await said(page, /Where it went next is saved, version \d/);
    await page.goto(`${state.target.url}/incidents/1/graph?g=where-it-went-next`);
    await page.waitForURL((url) => url.searchParams.get('node') === node);
    await leave();
  });
});
