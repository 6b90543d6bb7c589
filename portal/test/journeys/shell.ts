/** Journey 4: signing in, the shell, themes, small windows. */
import { describe, expect, test } from 'vitest';
import { newPage } from '../browser';
import { isReal, journey, press } from './helpers';

const state = journey();

describe('signing in', () => {
  test('a wrong password says so, and nothing more', async () => {
    const { page, context } = await newPage(state.browser, state.target);
    await page.goto(`${state.target.url}/incidents`);
    await page.waitForURL(/\/signin\?back=/);
    await page.getByLabel('Name').fill('nobody');
    await page.getByLabel('Password', { exact: true }).fill('certainly wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Name and password do not match.').waitFor();
    await context.close();
  });

  test('one comes back to the address asked for', async () => {
    const { page, leave } = await state.open('/incidents?view=all');
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/incidents?view=all');
    await leave();
  });

  test.skipIf(isReal)('the one-time password must be changed, and both fields must agree', async () => {
    state.target.fixture?.forcePasswordChange();
    const { page, context } = await newPage(state.browser, state.target);
    await page.goto(`${state.target.url}/signin`);
    await page.getByLabel('Name').fill(state.target.user);
    await page.getByLabel('Password', { exact: true }).fill(state.target.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('New password', { exact: true }).fill('a long new password');
    await page.getByLabel('New password again').fill('another');
    await page.getByText('The two are not the same.').waitFor();
    await page.getByLabel('New password again').fill('a long new password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.waitForURL(/\/overview/);
    await context.close();
  });

  test('signing out ends the session', async () => {
    const { page, leave } = await state.open('/overview');
    await page.getByRole('button', { name: /settings and sign out/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/signin/);
    await page.goto(`${state.target.url}/incidents`);
    await page.waitForURL(/\/signin\?back=/);
    await leave();
  });
});

describe('the shell', () => {
  test('the palette goes to a page and finds an incident by its number', async () => {
    const { page, leave } = await state.open('/overview');
    await press(page, 'Control+k');
    await page.getByRole('combobox').fill('logs');
    await page.getByRole('option', { name: /^Logs/, selected: true }).waitFor(); // the one that Enter runs
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/logs/);
    await press(page, 'Control+k');
    await page.getByRole('combobox').fill('#1');
    await page.getByRole('option', { name: /#1$/ }).first().click();
    await page.waitForURL(/\/incidents\/1$/);
    await leave();
  });

  test('? shows the keys that work here', async () => {
    const { page, leave } = await state.open('/incidents');
    await page.getByRole('grid', { name: 'Incidents' }).waitFor();
    await press(page, '?');
    await page.getByRole('heading', { name: 'Keys on this page' }).waitFor();
    await page.getByText('Show KQL').last().waitFor();
    await leave();
  });

  test('theme and density are kept', async () => {
    const { page, leave } = await state.open('/overview');
    await page.getByRole('button', { name: /settings and sign out/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await page.keyboard.press('Escape');
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await leave();
  });

  test('at 400 % zoom everything is one column and nothing is cut at the side', async () => {
    const { page, leave } = await state.open('/overview', { width: 360, height: 640, theme: 'dark' });
    await page.getByText('Look at these first').waitFor();
    const over = await page.evaluate(() => {
      const region = document.querySelector('[role="region"]');
      return region ? region.scrollWidth - region.clientWidth : 999;
    });
    expect(over).toBeLessThanOrEqual(1);
    await leave();
  });
});
