/**
 * axe on every page, filled, empty and failed; nothing is excluded but Fluent's focus guards. All rules in the light theme;
 * the others differ in colours alone, so they are put on in place and held against the rules of colour.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { ThemeName } from '@ui/theme';
import { breaches, COLOURS } from '../accessible';
import { launch, newPage, signIn, type Target } from '../browser';
import { guid } from '../fixtures/clock';
import { ADVICE_ID, ASSIGNMENT_ID, DEFINITION_ID, MACHINE_ID, MANUAL_ID } from '../fixtures/posture';
import { PASSWORD, startFixture, type Mode } from '../fixtures/server';

const OTHERS: ThemeName[] = ['dark', 'contrast'];
/** Words, with commas between them, of the pages that are looked at; all of them unless told. */
const ONLY = (process.env['AXE_ONLY'] ?? '').split(',').filter(Boolean);

interface Place {
  name: string;
  path: string;
  modes: Mode[];
  ready: (page: Page, mode: Mode) => Promise<unknown>;
}

const failed = (page: Page) => page.getByRole('alert').first().waitFor();
const ALL: Mode[] = ['filled', 'empty', 'failed'];
const PLACES: Place[] = [
  { name: 'overview', path: '/overview', modes: ALL, ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText('Look at these first').waitFor()) },
  { name: 'incidents', path: '/incidents?sel=1284', modes: ALL, ready: (page, mode) => (mode === 'filled' ? page.getByText('Pass the ticket').waitFor() : mode === 'failed' ? failed(page) : page.getByText('Nothing open').waitFor()) },
  { name: 'incident', path: '/incidents/1284', modes: ['filled', 'failed'], ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText('Shadow copies').waitFor()) },
  {
    name: 'incident alerts',
    path: '/incidents/1284?tab=alerts',
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: /Rows of LSASS/ }).click();
      await page.getByTestId('raw-rows').waitFor();
      await page.getByRole('button', { name: 'Show all fields' }).first().click();
    },
  },
  { name: 'incident entities', path: '/incidents/1284?tab=entities', modes: ['filled'], ready: (page) => page.getByText('lsass.dmp').waitFor() },
  { name: 'incident timeline', path: '/incidents/1284?tab=timeline', modes: ['filled'], ready: (page) => page.getByText('psexec service').waitFor() },
  { name: 'incident comments', path: '/incidents/1284?tab=comments', modes: ['filled'], ready: (page) => page.getByText('no restore').waitFor() },
  { name: 'incident history', path: '/incidents/1284?tab=history', modes: ['filled'], ready: (page) => page.getByRole('cell', { name: 'Vedette' }).first().waitFor() },
  { name: 'alerts', path: `/alerts?sel=${guid(0x100)}`, modes: ALL, ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText(mode === 'filled' ? 'Why this severity' : 'No open alert').first().waitFor()) },
  {
    name: 'suppress dialog',
    path: `/alerts?sel=${guid(0x100)}`,
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: 'Suppress…' }).click();
      await page.getByText('2 of 31').waitFor();
    },
  },
  {
    name: 'close dialog',
    path: '/incidents/1284',
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: 'Close…' }).click();
      await page.getByRole('radio').first().waitFor();
    },
  },
  {
    name: 'palette',
    path: '/incidents',
    modes: ['filled'],
    ready: async (page) => {
      await page.getByText('New sudoer').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'logs',
    path: `/logs?text=${encodeURIComponent('DeviceProcessEvents | take 40')}&run=1`,
    modes: ALL,
    ready: async (page, mode) => {
      await page.locator('[data-ready="true"]').waitFor();
      await (mode === 'failed' ? failed(page) : page.locator('[data-status="done"]').waitFor());
    },
  },
  {
    name: 'bell',
    path: '/incidents',
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: /^Notifications, \d+ unseen/ }).click();
      await page.getByRole('heading', { name: 'New incidents, high' }).waitFor();
    },
  },
  {
    name: 'alerts in groups',
    path: '/alerts?group=rule',
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('row').filter({ hasText: 'Memory of LSASS' }).first().click();
      await page.getByText('opened').first().waitFor({ state: 'attached' });
    },
  },
  { name: 'graph page', path: '/incidents/1284/graph', modes: ['filled', 'failed'], ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByRole('group', { name: 'Graph' }).getByRole('button').first().waitFor()) },
  { name: 'graph as a table', path: '/incidents/1284/graph?view=table', modes: ['filled'], ready: (page) => page.getByRole('columnheader', { name: 'How', exact: true }).waitFor() },
  { name: 'analytics', path: '/analytics?sel=rule-0', modes: ALL, ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText(mode === 'filled' ? 'Internal port scan' : /^(No rule|There is no|Nothing)/).first().waitFor()) },
  { name: 'watchlists', path: '/watchlists', modes: ALL, ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText(mode === 'filled' ? 'Very important people' : 'No watchlist yet').first().waitFor()) },
  { name: 'watchlist', path: '/watchlists/vip?row=alice', modes: ['filled', 'failed'], ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByRole('gridcell', { name: 'alice', exact: true }).waitFor()) },
];

const POSTURE: Place[] = [
  { name: 'score', path: '/score?control=secure-management-ports', modes: ALL, ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText(mode === 'filled' ? 'Password sign-in over SSH' : 'No resource counts yet').waitFor()) },
  { name: 'recommendations', path: `/recommendations?sel=${ADVICE_ID}`, modes: ALL, ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText(mode === 'filled' ? 'PasswordAuthentication' : 'Nothing to mend').first().waitFor()) },
  { name: 'recommendation', path: `/recommendations/${ADVICE_ID}`, modes: ['filled', 'failed'], ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByRole('tab', { name: /^Unhealthy/ }).waitFor()) },
  {
    name: 'exempt dialog',
    path: `/recommendations/${ADVICE_ID}`,
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: 'Exempt…' }).click();
      await page.getByRole('radio').first().waitFor();
    },
  },
  {
    name: 'fix dialog',
    path: `/recommendations/${ADVICE_ID}`,
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: 'Fix…' }).click();
      await page.getByText('PasswordAuthentication no').first().waitFor();
    },
  },
  {
    name: 'owner dialog',
    path: `/recommendations/${ADVICE_ID}`,
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: 'Assign…' }).click();
      await page.getByLabel('Owner').waitFor();
    },
  },
  {
    name: 'attest dialog',
    path: `/recommendations/${MANUAL_ID}`,
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: 'Attest…' }).click();
      await page.getByRole('radio', { name: /^All 2/ }).waitFor();
    },
  },
  {
    name: 'deny dialog',
    path: `/policies?kind=assignments&sel=${encodeURIComponent(ASSIGNMENT_ID)}`,
    modes: ['filled', 'failed'],
    ready: async (page, mode) => {
      if (mode === 'failed') return failed(page);
      await page.getByRole('button', { name: 'Deny…' }).click();
      await page.getByText('would have refused 2 changes').waitFor();
    },
  },
  {
    name: 'exempt from an assignment',
    path: `/policies?kind=assignments&sel=${encodeURIComponent(ASSIGNMENT_ID)}`,
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: 'Exempt…' }).click();
      await page.getByRole('dialog').getByLabel('Policy of the initiative').waitFor();
    },
  },
  {
    name: 'condition by condition',
    path: `/recommendations/${ADVICE_ID}`,
    modes: ['filled'],
    ready: async (page) => {
      await page.getByText('Condition by condition').click();
      await page.getByText('Any of these').waitFor();
    },
  },
  {
    name: 'definition as JSON',
    path: `/policies?edit=${encodeURIComponent(DEFINITION_ID)}`,
    modes: ['filled', 'failed'],
    ready: async (page, mode) => {
      if (mode === 'failed') return failed(page);
      await page.locator('[data-ready="true"]').waitFor();
      await page.getByLabel('Resource').selectOption({ index: 1 });
      await page.getByText('Any of these').waitFor();
    },
  },
  {
    name: 'standard dialog',
    path: '/compliance',
    modes: ['filled'],
    ready: async (page) => {
      await page.getByRole('button', { name: 'Add standard…' }).click();
      await page.getByRole('radio', { name: /One of my own/ }).check();
      await page.getByRole('checkbox', { name: /^Linux/ }).waitFor();
    },
  },
  {
    name: 'assign dialog',
    path: `/policies?sel=${encodeURIComponent(DEFINITION_ID)}`,
    modes: ['filled'],
    ready: async (page) => {
      await page.getByText('would fail').waitFor();
      await page.getByRole('button', { name: 'Assign…' }).click();
      await page.getByRole('dialog').getByLabel('Name').waitFor();
    },
  },
  { name: 'compliance', path: '/compliance?control=c1', modes: ALL, ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText(mode === 'filled' ? 'Password sign-in over SSH' : 'No standard is assigned').waitFor()) },
  { name: 'inventory', path: '/inventory', modes: ALL, ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText(mode === 'filled' ? 'web-03' : 'No resource is known').first().waitFor()) },
  { name: 'resource', path: `/resources${MACHINE_ID}`, modes: ['filled', 'failed'], ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByRole('link', { name: 'Password sign-in over SSH should be off' }).waitFor()) },
  { name: 'configuration', path: `/resources${MACHINE_ID}?tab=configuration`, modes: ['filled'], ready: (page) => page.getByText('packages').waitFor() },
  { name: 'changes', path: `/resources${MACHINE_ID}?tab=changes`, modes: ['filled'], ready: (page) => page.getByText('properties.ssh.config.PasswordAuthentication').waitFor() },
  { name: 'policies', path: '/policies', modes: ALL, ready: (page, mode) => (mode === 'failed' ? failed(page) : page.getByText(mode === 'filled' ? 'Password sign-in over SSH' : 'There is none here yet').first().waitFor()) },
];

/** As if the theme had been chosen in another tab. */
async function putOn(page: Page, theme: ThemeName): Promise<void> {
  await page.evaluate(([key, newValue]) => window.dispatchEvent(new StorageEvent('storage', { key, newValue })), ['vedette.prefs', JSON.stringify({ theme })] as const);
  await page.locator(`html[data-theme="${theme}"]`).waitFor();
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
}

async function violations(page: Page): Promise<string[]> {
  const found = await breaches(page);
  for (const theme of OTHERS) {
    await putOn(page, theme);
    found.push(...(await breaches(page, COLOURS)).map((one) => `${theme}: ${one}`));
  }
  await putOn(page, 'light');
  return found;
}

describe('axe', () => {
  let browser: Browser;
  let target: Target;
  beforeAll(async () => {
    const fixture = await startFixture();
    target = { url: fixture.url, user: 'admin', password: PASSWORD, fixture };
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await target.fixture?.close();
  });

  test('what a script fades in is looked at where its way ends', async () => {
    const page = await browser.newPage();
    await page.setContent('<!doctype html><html lang="en"><title>Fading</title><main><h1>Fading</h1><p id="in">Arrives</p><p id="on">Turns</p></main></html>');
    await page.evaluate(() => {
      document.getElementById('in')?.animate([{ opacity: 0.02 }, { opacity: 1 }], 60_000);
      document.getElementById('on')?.animate([{ opacity: 0.02 }, { opacity: 0.1 }], { duration: 1_000, iterations: Infinity });
    });
    expect(await breaches(page)).toEqual([]);
    await page.close();
  });

  test('every page in three themes', { timeout: 300_000 }, async () => {
    const found: string[] = [];
    target.fixture?.setMode('filled');
    const { page, context } = await newPage(browser, target, { theme: 'light', fixedClock: true });
    await page.goto(`${target.url}/signin`);
    await page.getByLabel('Name').waitFor();
    found.push(...(await violations(page)).map((one) => `signin ${one}`));
    await signIn(page, target);
    for (const place of [...PLACES, ...POSTURE].filter((one) => ONLY.length === 0 || ONLY.some((word) => one.name.includes(word)))) {
      for (const mode of place.modes) {
        target.fixture?.setMode(mode);
        await page.goto(target.url + place.path);
        await place.ready(page, mode);
        found.push(...(await violations(page)).map((one) => `${place.name}, ${mode}: ${one}`));
      }
      target.fixture?.setMode('filled');
    }
    expect(found).toEqual([]);
    await context.close();
  });
});
