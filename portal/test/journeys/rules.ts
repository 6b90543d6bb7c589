/** Journey 11: a rule is made of a template, refused with its place, changed, switched off and deleted; each taken back. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { accessible } from '../accessible';
import { call, isReal, journey, places, press, said, undo } from './helpers';

const state = journey();
const RULE = { severity: 'Medium', query: 'SecurityEvent | where EventID == 1102', queryFrequency: 'PT1H', queryPeriod: 'PT1H', triggerOperator: 'GreaterThan', triggerThreshold: 0, suppressionEnabled: false, suppressionDuration: 'PT5H', enabled: true };
const NAME = `A rule of a journey ${Date.now().toString(36)}`;

describe.skipIf(!isReal)('analytics', () => {
  test('from a template to a rule of one\'s own, which the server compiles before it keeps it', async () => {
    const { page, leave } = await state.open('/overview');
    await press(page, 'g', 'n');
    const grid = page.getByRole('grid', { name: 'Analytics' });
    await grid.getByRole('row').nth(1).waitFor();
    await page.getByRole('tab', { name: /^Templates \d+/ }).click();
    await page.getByRole('searchbox').fill('LSASS');
    await page.waitForURL(/q=LSASS/);
    await grid.getByRole('row').nth(1).click();
    await page.getByRole('complementary', { name: 'Template' }).waitFor();
    await accessible(page, 'templates');
    await page.getByRole('button', { name: 'Make a rule of it…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(NAME);
    const kql = await dialog.getByLabel('KQL').inputValue();
    await dialog.getByLabel('KQL').fill('SecurityEvnt | take 1');
    await accessible(page, 'rule form');
    await dialog.getByRole('button', { name: 'Make rule' }).click();
    await dialog.getByText(/line 1, column 1: there is no table/).waitFor();
    await dialog.getByLabel('KQL').fill(kql);
    await dialog.getByRole('button', { name: 'Make rule' }).click();
    await said(page, `${NAME} is in force as saved.`);
    await page.getByRole('complementary', { name: 'Rule' }).getByRole('heading', { name: NAME }).waitFor();
    await leave();
  });

  test('it is switched off and on, changed and deleted; Undo brings it back', async () => {
    const { page, leave } = await state.open('/analytics');
    const name = `${NAME}, changed`;
    const path = `${(await places(page)).workspace}/providers/Microsoft.SecurityInsights/alertRules/${randomUUID()}?api-version=2023-02-01`;
    expect((await call(page, 'PUT', path, { kind: 'Scheduled', properties: { ...RULE, displayName: name } })).status).toBeLessThan(300);
    await page.goto(`${state.target.url}/analytics?q=${encodeURIComponent(name)}`);
    await page.getByRole('gridcell', { name }).click();
    await page.getByRole('button', { name: 'Turn off' }).click();
    await said(page, `${name} is off.`);
    await page.getByRole('button', { name: 'Turn on' }).waitFor();
    await page.getByRole('button', { name: 'Edit…' }).click();
    await page.getByRole('dialog').getByLabel('Severity').selectOption('Low');
    await page.getByRole('dialog').getByRole('button', { name: 'Save rule' }).click();
    await page.getByRole('complementary', { name: 'Rule' }).getByText('Low').waitFor();
    await accessible(page, 'rules');
    await page.getByRole('button', { name: 'Delete' }).click();
    await said(page, `${name} is deleted.`);
    await undo(page);
    await page.getByRole('tab', { name: /^Rules/ }).click();
    await page.getByRole('searchbox').fill(name);
    await page.getByRole('gridcell', { name }).waitFor();
    await page.getByRole('gridcell', { name }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await said(page, `${name} is deleted.`);
    await leave();
  });
});
