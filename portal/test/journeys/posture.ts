/** Journey: from the score to a proof, an exemption and back again, on the machine that the server itself runs on. */
import { describe, expect, test } from 'vitest';
import { isReal, journey, said } from './helpers';

const state = journey();

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
    await page.getByRole('button', { name: 'Exempt', exact: true }).click();
    await page.getByText('Say in a few words why.').waitFor();
    await page.getByLabel('Reason').fill('A journey tries it.');
    await page.keyboard.press('Control+Enter');
    await said(page, /is exempt from this/);
    await page.getByRole('tab', { name: /^Exempt 1/ }).waitFor();
    await page.keyboard.press('Control+z');
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
    await page.keyboard.press('Control+z');
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
    await page.keyboard.press('Control+z');
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
