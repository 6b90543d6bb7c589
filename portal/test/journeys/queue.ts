/** Journey 2: finding and changing incidents in the queue. */
import { describe, expect, test } from 'vitest';
import { checkRows, isReal, journey, press, said, undo } from './helpers';

const state = journey();
const WORD = process.env['VEDETTE_FIND'] ?? 'LSASS';

describe('the queue', () => {
  test('an incident made from an imported recording is found by a word and shows its rows', async () => {
    const { page, leave } = await state.open('/incidents?view=all');
    const answered = page.waitForResponse((one) => one.url().includes('search='));
    await page.getByRole('searchbox').fill(WORD);
    await page.waitForURL(/q=/);
    await answered;
    const row = page.getByRole('row').filter({ hasText: new RegExp(WORD, 'i') }).first();
    await row.click();
    await page.getByRole('complementary', { name: /^Incident \d+/ }).waitFor();
    expect(page.url()).toMatch(/sel=\d+/);
    await press(page, 'Enter');
    await page.getByRole('navigation', { name: 'Where you are' }).waitFor();
    await press(page, 'r');
    await page.getByTestId('raw-rows').locator('tbody tr').first().waitFor();
    await leave();
  });

  test('the address is the state: a copied one shows the same, Back undoes the last view', async () => {
    const { page, leave } = await state.open('/incidents');
    await page.getByRole('tab', { name: /^All/ }).click();
    await page.waitForURL(/view=all/);
    await page.goto(page.url());
    expect(await page.getByRole('tab', { name: /^All/ }).getAttribute('aria-selected')).toBe('true');
    await page.getByRole('tab', { name: /^Unassigned/ }).click();
    await page.waitForURL(/view=unassigned/);
    await page.goBack();
    await page.waitForURL(/view=all/);
    await leave();
  });

  test('a broken address falls back and says so', async () => {
    const { page, leave } = await state.open('/incidents?view=nonsense&status=new');
    await page.getByText(/The address says nonsense/).waitFor();
    await leave();
  });

  test('severity is changed in place, and Undo takes it back', async () => {
    const { page, leave } = await state.open('/incidents');
    await page.getByRole('grid', { name: 'Incidents' }).getByRole('row').nth(1).waitFor();
    await press(page, 'j');
    const field = page.getByRole('button', { name: /^Severity: / });
    await field.waitFor();
    const before = (await field.getAttribute('aria-label')) ?? '';
    const wanted = before.includes('Low') ? 'Medium' : 'Low';
    await field.click();
    await page.getByRole('menuitemradio', { name: wanted }).click();
    await page.getByRole('button', { name: `Severity: ${wanted}` }).waitFor();
    await said(page, new RegExp(`is now ${wanted}`));
    await undo(page);
    await page.getByRole('button', { name: before }).waitFor();
    await leave();
  });

  test('somebody else was faster: both values, and the choice', async () => {
    const { page, leave } = await state.open('/incidents');
    await page.getByRole('grid', { name: 'Incidents' }).getByRole('row').nth(1).waitFor();
    await press(page, 'j');
    const field = page.getByRole('button', { name: /^Severity: / });
    await field.waitFor();
    const before = (await field.getAttribute('aria-label'))?.replace('Severity: ', '') ?? '';
    const [theirs, mine] = ['High', 'Medium', 'Low', 'Informational'].filter((one) => one !== before);
    let spoiled = false;
    await page.route(/\/incidents\/[0-9a-f-]{36}\?/, async (route) => {
      if (route.request().method() === 'PUT' && !spoiled) {
        spoiled = true;
        const body = JSON.parse(route.request().postData() ?? '{}') as { properties: Record<string, unknown> };
        body.properties['severity'] = theirs;
        const { 'if-match': _, ...headers } = route.request().headers();
        await route.fetch({ headers, postData: JSON.stringify({ properties: body.properties }) });
      }
      await route.continue();
    });
    await field.click();
    await page.getByRole('menuitemradio', { name: mine }).click();
    await page.getByText(/Somebody changed incident/).waitFor();
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await page.getByRole('button', { name: `Severity: ${mine}` }).waitFor();
    await page.unroute(/\/incidents\/[0-9a-f-]{36}\?/);
    await leave();
  });

  test('several at once: check two, change both, undo', async () => {
    const { page, leave } = await state.open('/incidents');
    await checkRows(page.getByRole('grid', { name: 'Incidents' }), 2);
    await page.getByText('2 incidents checked').waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Take' }).click();
    await said(page, '2 of 2 changed.');
    await undo(page);
    await leave();
  });

  test.skipIf(isReal)('it is assigned to somebody the server knows', async () => {
    const { page, leave } = await state.open('/incidents?sel=1262');
    await page.getByRole('button', { name: 'Owner: Unassigned' }).click();
    await page.getByRole('menuitem', { name: 'Assign to Mira Okafor' }).click();
    await said(page, '1262 is now with Mira Okafor.');
    await page.getByRole('button', { name: 'Owner: Mira Okafor' }).waitFor();
    await leave();
  });

  test.skipIf(isReal)('new incidents wait behind a button and move nothing', async () => {
    const { page, leave } = await state.open('/incidents');
    const first = page.getByRole('row').nth(1);
    await first.waitFor();
    const before = await first.textContent();
    const fresh = page.getByRole('button', { name: /^\d+ new$/ });
    await expect
      .poll(() => {
        state.target.fixture?.emit({ type: 'incident.created', id: 'x', etag: 'y', changed: [] });
        return fresh.isVisible();
      })
      .toBe(true);
    expect(await first.textContent()).toBe(before);
    await leave();
  });
});
