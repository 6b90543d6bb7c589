/** Journey: from the score to a proof, an exemption and back again, on the machine that the server itself runs on. */
import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { accessible } from '../accessible';
import { call, isReal, journey, places, said, undo } from './helpers';

const state = journey();
const WRITTEN = JSON.stringify({ displayName: 'Things of a journey', mode: 'All', policyRule: { if: { field: 'type', equals: 'Test.Things/things' }, then: { effect: 'audit' } } }, null, 2);

/** Puts a thing that has no owner, as whoever is signed in would, and takes it away; says what the server answered to the putting. */
async function putThing(page: Page): Promise<number> {
  const path = `${(await places(page)).subscription}/resourceGroups/soc/providers/Test.Things/things/candle?api-version=2024-01-01`;
  const { status } = await call(page, 'PUT', path, { location: 'local', properties: {} });
  if (status < 300) await call(page, 'DELETE', path);
  return status;
}

describe('posture', () => {
  test('the score leads to what makes it, and says what fixing would bring', async () => {
    const { page, leave } = await state.open('/score');
    const control = page.getByRole('row').filter({ hasText: /\+\d/ }).first().getByRole('button');
    await control.click();
    const tick = page.getByRole('checkbox', { name: /^What if this were fixed/ }).and(page.locator(':enabled')).first();
    await tick.check();
    await page.getByText(/^With 1 fix: /).waitFor();
    expect(page.url()).toContain('plan=');
    await page.getByRole('button', { name: 'Clear the plan' }).click();
    await page.getByRole('link', { name: 'Compliance' }).first().waitFor();
    await leave();
  });

  test('a recommendation shows its proof; an exemption counts at once, and undo takes it back', async () => {
    const { page, leave } = await state.open('/recommendations');
    const grid = page.getByRole('grid', { name: 'Recommendations' });
    await grid.getByRole('row').nth(1).click();
    const pane = page.getByRole('complementary', { name: 'Recommendation' });
    await pane.getByText('Found').waitFor();
    await pane.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('tab', { name: /^Unhealthy [1-9]/ }).waitFor();
    if (!isReal) return leave();
    await page.getByRole('button', { name: 'Exempt…' }).click();
    expect(await page.getByRole('button', { name: 'Exempt', exact: true }).getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('Reason').fill('A journey tries it.');
    await page.keyboard.press('Control+Enter');
    await said(page, /is exempt from this/);
    await page.getByRole('tab', { name: /^Exempt 1/ }).waitFor();
    await undo(page);
    await page.getByRole('tab', { name: /^Unhealthy [1-9]/ }).waitFor();
    await leave();
  });

  test('a recommendation is given to somebody, and undo takes it back', async () => {
    const { page, leave } = await state.open('/recommendations?sort=-risk');
    await page.getByRole('columnheader', { name: 'Risk' }).waitFor();
    await page.getByRole('grid', { name: 'Recommendations' }).getByRole('row').nth(1).dblclick();
    await page.getByRole('tab', { name: /^Unhealthy [1-9]/ }).waitFor();
    await page.getByText(/^Risk on /).waitFor();
    if (!isReal) return leave();
    await page.getByRole('button', { name: 'Assign…' }).click();
    await page.getByLabel('Owner').fill('mira@corp.example');
    await page.keyboard.press('Control+Enter');
    await said(page, /mira@corp.example answers for this/);
    await page.getByText(/^mira@corp.example, until/).waitFor();
    await undo(page);
    await page.getByText('Nobody answers for this yet.').waitFor();
    await leave();
  });

  test('a fix shows its diff before, its proof after, and is taken back', async () => {
    const { page, leave } = await state.open(isReal ? '/recommendations?q=have+an+owner' : '/recommendations'); // test_portal.py makes it
    await page.getByRole('grid', { name: 'Recommendations' }).getByRole('row').nth(1).dblclick();
    await page.getByRole('button', { name: 'Fix…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^What changes on /).first().waitFor();
    await dialog.getByRole('button', { name: 'Fix 1 resource' }).click();
    await dialog.getByText('Done and proved: Unhealthy → Healthy').waitFor();
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('Taken back', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await leave();
  });

  test('a recommendation is explained condition by condition', async () => {
    const { page, leave } = await state.open('/recommendations');
    await page.getByRole('grid', { name: 'Recommendations' }).getByRole('row').nth(1).dblclick();
    await page.getByText('Condition by condition').click();
    await page.getByText(/^The rule holds, so its effect follows/).waitFor();
    await page.getByText(/ equals /).first().waitFor();
    await leave();
  });

  test.skipIf(!isReal)('what waits for a person is attested, and undo takes the word back', async () => {
    const { page, leave } = await state.open('/recommendations?view=all&q=rehearsed'); // test_portal.py makes it
    await page.getByRole('grid', { name: 'Recommendations' }).getByRole('row').nth(1).dblclick();
    await page.getByRole('tab', { name: /^Needs a person 1$/, selected: true }).waitFor();
    await page.getByRole('button', { name: 'Attest…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Pass/ }).check();
    await dialog.getByLabel('What was looked at').fill('The restore of May, whole.');
    await accessible(page, 'attest');
    await page.keyboard.press('Control+Enter');
    await said(page, /passes by a person's word/);
    await page.getByRole('tab', { name: /^Healthy 1/ }).waitFor();
    await undo(page);
    await page.getByRole('tab', { name: /^Needs a person 1$/ }).waitFor();
    await leave();
  });

  test.skipIf(!isReal)('a policy denies after showing what it would have refused, and only reports again', async () => {
    const { page, leave } = await state.open('/policies?kind=assignments&q=owned');
    await page.getByRole('grid', { name: 'Assignments' }).getByRole('row').nth(1).click();
    await page.getByRole('button', { name: 'Deny…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/it would have refused (one change|\d+ changes):/).waitFor();
    await dialog.getByRole('list', { name: 'What it would have refused' }).getByText('lamp').first().waitFor();
    await accessible(page, 'deny');
    await dialog.getByRole('button', { name: 'Deny', exact: true }).click();
    await said(page, /denies what it minds/);
    expect(await putThing(page)).toBe(403);
    await undo(page);
    await expect.poll(() => putThing(page)).toBeLessThan(300);
    await leave();
  });

  test.skipIf(!isReal)('a definition is written as JSON: the refusal stands at its line, then it is saved and taken back', async () => {
    const { page, leave } = await state.open('/policies?edit=new');
    const editor = page.locator('[data-ready="true"]');
    await editor.waitFor();
    await page.getByText(/^Of \d+ resource/).waitFor();
    await page.getByText('"displayName"').first().waitFor();
    await editor.locator('.view-lines').click();
    await page.keyboard.press('Control+a');
    await page.evaluate((text) => navigator.clipboard.writeText(text), WRITTEN.replace('equals', 'equls'));
    await page.keyboard.press('Control+v');
    await page.getByText(/^Line \d+: .*'equls' is no operator/).waitFor();
    await page.keyboard.press('Control+a');
    await page.evaluate((text) => navigator.clipboard.writeText(text), WRITTEN);
    await page.keyboard.press('Control+v');
    await page.getByText(/^Line \d+: /).waitFor({ state: 'detached' });
    await accessible(page, 'a definition as JSON');
    await page.keyboard.press('Control+s');
    await said(page, /is saved\.$/);
    await page.getByRole('complementary', { name: 'Things of a journey' }).waitFor();
    await undo(page);
    await page.getByRole('complementary', { name: 'Things of a journey' }).waitFor({ state: 'detached' });
    await leave();
  });

  test('a definition is tried on a resource, and an initiative of one\'s own becomes a standard', async () => {
    const { page, leave } = await state.open('/policies?q=ssh');
    await page.getByRole('grid', { name: 'Definitions' }).getByRole('row').nth(1).click();
    await page.getByText(/would fail/).waitFor();
    const pick = page.getByRole('complementary').getByLabel('Resource');
    await pick.selectOption({ index: 1 });
    await page.getByText(/^(Not compliant|Compliant|Not measured|Not applicable|It does not concern)/).first().waitFor();
    await page.goto(`${state.target.url}/compliance`);
    await page.getByRole('button', { name: 'Add standard…' }).click();
    await page.getByRole('radio', { name: /One of my own/ }).check();
    await page.getByLabel('Name').fill('House rules of a journey');
    await page.getByRole('checkbox', { name: /^Linux/ }).check();
    if (!isReal) return leave();
    await page.keyboard.press('Control+Enter');
    await said(page, /is a standard here now/);
    await page.getByRole('link', { name: /House rules of a journey/ }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export PDF' }).click()]);
    expect(file.suggestedFilename()).toBe('House-rules-of-a-journey.pdf');
    await undo(page);
    await page.getByRole('link', { name: /House rules of a journey/ }).waitFor({ state: 'detached' });
    await leave();
  });

  test('a standard opens to its checks, a resource to its configuration', async () => {
    const { page, leave } = await state.open('/compliance');
    await page.getByRole('button', { expanded: false }).filter({ hasText: /fail/ }).first().click();
    await page.getByRole('listitem').filter({ hasText: /not measured/ }).first().getByRole('link').waitFor();
    await page.goto(`${state.target.url}/inventory`);
    await page.getByRole('grid', { name: 'Inventory' }).getByRole('link').first().click();
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByRole('textbox', { name: 'Find in the document' }).fill('ssh');
    await page.getByText('ssh').first().waitFor();
    await leave();
  });

  test('policies are found by words and shown as they are', async () => {
    const { page, leave } = await state.open('/policies');
    const grid = page.getByRole('grid', { name: 'Definitions' });
    await page.getByRole('textbox', { name: /Find by title/ }).fill('ssh');
    await grid.getByRole('row').nth(1).click();
    await page.getByText('policyRule').first().waitFor();
    await leave();
  });
});
