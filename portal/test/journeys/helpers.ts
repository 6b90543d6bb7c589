import { afterAll, beforeAll, expect } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
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

/** Waits for a toast; the live region says the same words, so the first of both is enough. */
export function said(page: Page, text: string | RegExp): Promise<void> {
  return page.getByText(text).first().waitFor();
}

export const isReal = Boolean(process.env['VEDETTE_URL']);
