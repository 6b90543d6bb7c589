/** Journey 5: the first sign-in of somebody who was given a one-time password. */
import { describe, expect, test } from 'vitest';
import { newPage, signIn, type Target } from '../browser';
import { journey, press } from './helpers';

const state = journey();
const user = process.env['VEDETTE_NEW_USER'];

describe('a new person', () => {
  test.skipIf(!user)('must choose a password, then works under the own name', async () => {
    const target: Target = { ...state.target, user: user ?? '', password: process.env['VEDETTE_NEW_PASSWORD'] ?? '' };
    const first = target.password;
    const { page, context, seen } = await newPage(state.browser, target);
    await signIn(page, target, '/incidents');
    expect(target.password).not.toBe(first);
    await page.getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: new RegExp(`${user}, settings and sign out`) }).waitFor();
    await press(page, 'j');
    await page.getByRole('complementary', { name: /^Incident \d+/ }).waitFor();
    await press(page, 'm');
    await page.getByText(/is yours, in progress/).first().waitFor();
    expect(seen.errors).toEqual([]);
    await context.close();
  });
});
