/** Pictures of every page in three themes, to be looked at; kept in test/shots/out (not committed). */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launch, newPage, openTarget, signIn, type Target } from '../browser';
import { guid } from '../fixtures/clock';
import { ADVICE_ID, ASSIGNMENT_ID, DEFINITION_ID, MACHINE_ID, MANUAL_ID } from '../fixtures/posture';

const OUT = fileURLToPath(new URL('./out/', import.meta.url));
const THEMES = ['light', 'dark', 'contrast'] as const;
/** Words, with commas between them, with which the names of the pictures wanted begin; all of them unless told. */
const ONLY = (process.env['SHOTS_ONLY'] ?? '').split(',').filter(Boolean);
const SIZES = process.env['SHOTS_WIDE'] ? [[1440, 900], [1920, 1080], [360, 640]] : [[1440, 900]];

interface Shot {
  name: string;
  path: string;
  ready: (page: Page) => Promise<unknown>;
}

const KQL = 'DeviceProcessEvents\n| where TimeGenerated > ago(1d)\n| where FileName has "procdump"\n| project TimeGenerated, DeviceName, AccountName, FileName, ProcessCommandLine';
const logs = (text: string, more = '') => `/logs?text=${encodeURIComponent(text)}&run=1${more}`;
const editorReady = async (page: Page) => {
  await page.locator('[data-ready="true"]').waitFor();
  await page.locator('.view-line').first().waitFor();
  await page.waitForTimeout(1500);
};

const SHOTS: Shot[] = [
  { name: 'overview', path: '/overview', ready: (page) => page.getByText('Look at these first').waitFor() },
  { name: 'incidents', path: '/incidents?sel=1284', ready: (page) => page.getByText('Pass the ticket from a new source').waitFor() },
  { name: 'incidents-wide', path: '/incidents', ready: (page) => page.getByText('New sudoer added').waitFor() },
  { name: 'alerts', path: `/alerts?sel=${guid(0x100)}`, ready: (page) => page.getByText('Why this severity').waitFor() },
  { name: 'alerts-rule', path: '/alerts?group=rule', ready: (page) => page.getByText('opened').or(page.getByText('closed')).first().waitFor({ state: 'attached' }) },
  { name: 'incident', path: '/incidents/1284', ready: (page) => page.getByText('Shadow copies removed').waitFor() },
  {
    name: 'incident-alerts',
    path: '/incidents/1284?tab=alerts',
    ready: async (page) => {
      await page.getByRole('button', { name: /Rows of LSASS/ }).click();
      await page.getByTestId('raw-rows').waitFor();
    },
  },
  { name: 'incident-timeline', path: '/incidents/1284?tab=timeline', ready: (page) => page.getByText('psexec service').waitFor() },
  { name: 'incident-comments', path: '/incidents/1284?tab=comments', ready: (page) => page.getByText('no restore was planned').waitFor() },
  {
    name: 'close',
    path: '/incidents/1284',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Close…' }).click();
      await page.getByRole('radio').first().waitFor();
    },
  },
  { name: 'logs', path: logs(KQL), ready: async (page) => { await page.locator('[data-status="done"]').waitFor(); await editorReady(page); } },
  { name: 'logs-chart', path: logs('DeviceProcessEvents\n| summarize count() by bin(TimeGenerated, 1h), DeviceName\n| render timechart'), ready: async (page) => { await page.locator('[data-status="done"] [role="img"] svg').first().waitFor(); await editorReady(page); } },
  { name: 'logs-error', path: logs('SecurityEvnt\n| take 10'), ready: async (page) => { await page.getByText('Did you mean').first().waitFor(); await editorReady(page); } },
  { name: 'score', path: '/score', ready: (page) => page.getByText('Secure management ports').first().waitFor() },
  { name: 'recommendations', path: '/recommendations', ready: (page) => page.getByText('Password sign-in over SSH').first().waitFor() },
  { name: 'recommendation', path: `/recommendations/${ADVICE_ID}`, ready: (page) => page.getByText('for its severity').waitFor() },
  {
    name: 'fix',
    path: `/recommendations/${ADVICE_ID}`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Fix…' }).click();
      await page.getByText('PasswordAuthentication no').first().waitFor();
    },
  },
  {
    name: 'why',
    path: `/recommendations/${ADVICE_ID}`,
    ready: async (page) => {
      await page.getByText('Condition by condition').click();
      await page.getByText('Any of these').waitFor();
    },
  },
  {
    name: 'attest',
    path: `/recommendations/${MANUAL_ID}`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Attest…' }).click();
      await page.getByRole('radio', { name: /^All 2/ }).waitFor();
    },
  },
  { name: 'assignments', path: `/policies?kind=assignments&sel=${encodeURIComponent(ASSIGNMENT_ID)}`, ready: (page) => page.getByRole('button', { name: 'Deny…' }).waitFor() },
  {
    name: 'deny',
    path: `/policies?kind=assignments&sel=${encodeURIComponent(ASSIGNMENT_ID)}`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Deny…' }).click();
      await page.getByText('would have refused 2 changes').waitFor();
    },
  },
  {
    name: 'definition',
    path: `/policies?edit=${encodeURIComponent(DEFINITION_ID)}`,
    ready: async (page) => {
      await page.getByLabel('Resource').selectOption({ index: 1 });
      await page.getByText('Any of these').waitFor();
      await editorReady(page);
    },
  },
  { name: 'inventory', path: '/inventory', ready: (page) => page.getByText('web-03').waitFor() },
  { name: 'resource', path: `/resources${MACHINE_ID}`, ready: (page) => page.getByRole('link', { name: 'Password sign-in over SSH should be off' }).waitFor() },
  { name: 'compliance', path: '/compliance', ready: (page) => page.getByText('Access: SSH').first().waitFor() },
  {
    name: 'add-standard',
    path: '/compliance',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Add standard…' }).click();
      await page.getByRole('radio', { name: /One of my own/ }).check();
      await page.getByRole('checkbox', { name: /^Linux/ }).waitFor();
    },
  },
  { name: 'policies', path: `/policies?sel=${encodeURIComponent(DEFINITION_ID)}`, ready: (page) => page.getByText('would fail').waitFor() },
  {
    name: 'palette',
    path: '/incidents',
    ready: async (page) => {
      await page.getByText('New sudoer added').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('lsass');
      await page.getByRole('option', { name: /LSASS/ }).first().waitFor();
    },
  },
];

describe('pictures', () => {
  let browser: Browser;
  let target: Target;
  beforeAll(async () => {
    await mkdir(OUT, { recursive: true });
    [browser, target] = await Promise.all([launch(), openTarget()]);
  });
  afterAll(async () => {
    await browser.close();
    await target.fixture?.close();
  });
  for (const [width, height] of SIZES) {
    for (const theme of THEMES) {
      test(`${theme} at ${width} by ${height}`, { timeout: 400_000 }, async () => {
        const { page, context } = await newPage(browser, target, { theme, width, height, fixedClock: true });
        await page.goto(`${target.url}/signin`);
        await page.getByLabel('Name').waitFor();
        await page.screenshot({ path: `${OUT}signin-${theme}-${width}.png` });
        await signIn(page, target);
        await page.mouse.move(700, 24);
        for (const shot of SHOTS) {
          if (ONLY.length > 0 && !ONLY.some((one) => shot.name.startsWith(one))) continue;
          await page.goto(target.url + shot.path);
          await shot.ready(page);
          await page.waitForTimeout(250);
          await page.screenshot({ path: `${OUT}${shot.name}-${theme}-${width}.png` });
        }
        await context.close();
      });
    }
  }
});
