/** Chromium and a server to point it at: the real one when VEDETTE_URL is set, else the fixture. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { ThemeName } from '@ui/theme';
import { NOW } from './fixtures/clock';
import { PASSWORD, startFixture, type Fixture } from './fixtures/server';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Target {
  url: string;
  user: string;
  password: string;
  fixture: Fixture | null;
}

export async function openTarget(): Promise<Target> {
  const url = process.env['VEDETTE_URL'];
  if (url) {
    return { url: url.replace(/\/$/, ''), user: process.env['VEDETTE_USER'] ?? 'admin', password: process.env['VEDETTE_PASSWORD'] ?? '', fixture: null };
  }
  const fixture = await startFixture();
  return { url: fixture.url, user: 'admin', password: PASSWORD, fixture };
}

export function launch(): Promise<Browser> {
  const executablePath = process.env['VEDETTE_CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!executablePath) throw new Error('No Chromium found: install the package chromium, or set VEDETTE_CHROMIUM to its path.');
  return chromium.launch({ executablePath, args: FLAGS });
}

export interface Look {
  theme?: ThemeName;
  width?: number;
  height?: number;
  /** The fixture's morning; the real server has the real time. */
  fixedClock?: boolean;
}

export interface Seen {
  /** Requests that left the origin, errors of the page and refusals of its content security policy. */
  foreign: string[];
  errors: string[];
}

export async function newPage(browser: Browser, target: Target, look: Look = {}): Promise<{ page: Page; context: BrowserContext; seen: Seen }> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1440, height: look.height ?? 900 },
    ignoreHTTPSErrors: true,
    timezoneId: 'UTC',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const seen: Seen = { foreign: [], errors: [] };
  page.on('request', (request) => {
    if (!request.url().startsWith(target.url) && !/^(data|blob):/.test(request.url())) seen.foreign.push(request.url());
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) seen.errors.push(message.text());
  });
  if (look.fixedClock && target.fixture) await page.clock.setFixedTime(NOW);
  await page.addInitScript(`localStorage.setItem('vedette.prefs', localStorage.getItem('vedette.prefs') ?? ${JSON.stringify(JSON.stringify({ theme: look.theme ?? 'light' }))})`);
  return { page, context, seen };
}

/** Signs in through the page, choosing a new password when one is asked for. Gives the password that holds now. */
export async function signIn(page: Page, target: Target, back = '/overview'): Promise<void> {
  await page.goto(`${target.url}/signin?back=${encodeURIComponent(back)}`);
  await page.getByLabel('Name').fill(target.user);
  await page.getByLabel('Password', { exact: true }).fill(target.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const shell = page.getByRole('navigation', { name: 'Pages' });
  const change = page.getByLabel('New password', { exact: true });
  await shell.or(change).first().waitFor();
  if (await change.isVisible()) {
    const next = `${target.password} changed`;
    await change.fill(next);
    await page.getByLabel('New password again').fill(next);
    await page.getByRole('button', { name: 'Change password' }).click();
    target.password = next;
    await shell.waitFor();
  }
}
