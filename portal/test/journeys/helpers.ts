import { afterAll, beforeAll, expect } from 'vitest';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { launch, newPage, openTarget, signIn, type Look, type Seen, type Target } from '../browser';

export interface Journey {
  browser: Browser;
  target: Target;
  open: (path: string, look?: Look) => Promise<Visit>;
}
export interface Visit {
  page: Page;
  context: BrowserContext;
  seen: Seen;
  /** Clicks and keys of the person since the last call. */
  counted: () => Promise<{ clicks: number; keys: number }>;
  /** Ends the visit and insists that nothing left the origin, nothing broke and no policy was violated. */
  leave: () => Promise<void>;
}

const COUNTER = `
  window.__done = { clicks: 0, keys: 0 };
  addEventListener('click', (event) => { if (event.isTrusted && event.detail > 0 && !(event.target instanceof HTMLInputElement && event.target.type === 'radio' && event.screenX === 0)) window.__done.clicks += 1; }, true);
  addEventListener('keydown', (event) => {
    const target = event.target;
    const typing = target instanceof HTMLElement && (target.isContentEditable || /TEXTAREA/.test(target.tagName) || (target.tagName === 'INPUT' && !/radio|checkbox/.test(target.type)));
    if (event.isTrusted && !(typing && event.key.length === 1 && !event.ctrlKey) && !/Shift|Control|Alt/.test(event.key)) window.__done.keys += 1;
  }, true);
`;

export function journey(): Journey {
  const state = {} as Journey;
  beforeAll(async () => {
    [state.browser, state.target] = await Promise.all([launch(), openTarget()]);
    state.open = async (path, look = {}) => {
      const { page, context, seen } = await newPage(state.browser, state.target, look);
      await page.addInitScript(COUNTER);
      await signIn(page, state.target, path);
      const counted = () =>
        page.evaluate(() => {
          const holder = window as unknown as { __done: { clicks: number; keys: number } };
          const done = holder.__done;
          holder.__done = { clicks: 0, keys: 0 };
          return done;
        });
      const leave = async () => {
        expect(seen.foreign).toEqual([]);
        expect(seen.errors).toEqual([]);
        await context.close();
      };
      // The page listens to keys once it was drawn.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn)))));
      await counted();
      return { page, context, seen, counted, leave };
    };
  });
  afterAll(async () => {
    await state.browser?.close();
    await state.target?.fixture?.close();
  });
  return state;
}

/** Presses keys that the page listens for: they are deaf while a dialog or a menu is open, and those take time to go. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[role="dialog"][aria-modal="true"], [role="alertdialog"], [role="menu"]') === null);
  for (const key of keys) await page.keyboard.press(key);
}

/** Takes the last change back and waits until the server has. */
export async function undo(page: Page): Promise<void> {
  await press(page, 'Control+z');
  await said(page, 'Taken back.');
}

/** Calls the server as whoever is signed in: what a test needs to be there. Gives the status and what was answered. */
export function call(page: Page, method: string, path: string, body?: unknown): Promise<{ status: number; answer: unknown }> {
  return page.evaluate(
    async ([verb, address, text]) => {
      const { csrf } = (await (await fetch('/signin/session')).json()) as { csrf: string };
      const reply = await fetch(address, { method: verb, headers: { 'content-type': 'application/json', 'x-vedette-csrf': csrf }, body: text });
      const said = await reply.text();
      return { status: reply.status, answer: (said === '' ? null : JSON.parse(said)) as unknown };
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
}

interface Listed {
  value: { id: string; subscriptionId: string }[];
}

/** Where things are: the first subscription, and its workspace. */
export async function places(page: Page): Promise<{ subscription: string; workspace: string }> {
  const { answer } = await call(page, 'GET', '/subscriptions?api-version=2022-12-01');
  const subscription = `/subscriptions/${(answer as Listed).value[0]?.subscriptionId}`;
  const spaces = await call(page, 'GET', `${subscription}/providers/Microsoft.OperationalInsights/workspaces?api-version=2022-10-01`);
  return { subscription, workspace: (spaces.answer as Listed).value[0]?.id ?? '' };
}

/** Checks rows of a list by what they are: it may be put in another order between two clicks. */
export async function checkRows(grid: Locator, n: number): Promise<void> {
  const rows = grid.locator('[role="row"][data-key]');
  await rows.nth(n - 1).waitFor();
  const keys = await rows.evaluateAll((all, count) => all.slice(0, count).map((row) => row.getAttribute('data-key') ?? ''), n);
  for (const key of keys) await grid.locator(`[data-key="${key}"]`).getByRole('checkbox').click();
}

/** Waits for a toast; the live region says the same words, so the first of both is enough. */
export function said(page: Page, text: string | RegExp): Promise<void> {
  return page.getByText(text).first().waitFor();
}

export const isReal = Boolean(process.env['VEDETTE_URL']);
