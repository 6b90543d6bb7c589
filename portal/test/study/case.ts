/** docs/case-study.md, click by click: every sentence of it that says what to do is a step here. */
import { describe, expect, test } from 'vitest';
import { journey, said } from '../journeys/helpers';

const state = journey();

describe('the case study', () => {
  test('found, investigated through the graph, noted and closed', async () => {
    const { page, leave } = await state.open('/incidents');
    await page.getByText(/powershell\.exe read the memory of LSASS on WORKSTATION5/).first().dblclick();
    await page.getByRole('navigation', { name: 'Where you are' }).waitFor();

    await page.getByRole('tab', { name: /^Alerts/ }).click();
    await page.getByRole('button', { name: /^Rows of/ }).first().click();
    await page.getByTestId('raw-rows').locator('tbody tr').first().waitFor();

    await page.getByRole('tab', { name: /^Graph/ }).click();
    const graph = page.getByRole('group', { name: 'Graph' });
    await graph.getByRole('button', { name: 'WORKSTATION5', exact: true }).click();
    const pane = page.getByRole('complementary').last();
    await pane.getByRole('button', { name: 'Connections' }).click();
    await graph.getByRole('button', { name: '10.10.10.5' }).waitFor();
    expect(await pane.getByRole('cell', { name: /powershell\.exe/ }).count()).toBeGreaterThan(0);
    await pane.getByRole('button', { name: 'Processes' }).click();
    await pane.getByRole('cell', { name: /whoami\.exe/ }).first().waitFor();

    await graph.getByRole('button', { name: '10.10.10.5' }).click();
    await pane.getByRole('link', { name: 'All about 10.10.10.5' }).click();
    await page.getByRole('heading', { name: 'Risk' }).waitFor();
    await page.getByRole('button', { name: 'Machines it talked to' }).click();
    await page.getByRole('cell', { name: 'WORKSTATION5.theshire.local' }).first().waitFor();
    await page.goBack();

    await page.getByRole('tab', { name: /^Comments/ }).click();
    await page.getByRole('textbox', { name: 'Comment' }).fill('powershell.exe read LSASS and talked to 10.10.10.5:80: an implant.');
    await page.keyboard.press('Control+Enter');
    await page.locator('li').getByText('an implant').waitFor();
    await page.getByRole('tab', { name: /^Tasks/ }).click();
    await page.getByRole('textbox', { name: 'What is to be done' }).fill('Change the password of pgustavo');
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'Change the password of pgustavo' }).waitFor();

    await page.getByRole('button', { name: 'Close…' }).click();
    await page.getByRole('radio', { name: /True positive/ }).click();
    await page.getByRole('button', { name: 'Close incident' }).click();
    await said(page, /\d+ is closed/);
    await leave();
  });
});
