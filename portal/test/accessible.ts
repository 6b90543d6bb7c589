/** axe: what is shown at this moment keeps the rules of access; nothing is excluded but Fluent's focus guards. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'vitest';
import type { AxeResults, RunOnly } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ALL: RunOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
export const COLOURS: RunOnly = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

const MOST_ROUNDS = 20;

/**
 * Colours on their way from one to another are nobody's: what moves is put at its end. Style sheets stop what CSS
 * moves; what a script moves (Fluent's toasts and dialogs) is ended, until nothing moves any more.
 */
async function rest(rounds: number): Promise<void> {
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important }');
  document.adoptedStyleSheets.push(still);
  const moving = () => document.getAnimations().filter(({ playState }) => playState !== 'finished');
  for (let round = 0; round < rounds && moving().length > 0; round++) {
    for (const animation of moving())
      if (animation.effect?.getComputedTiming().endTime === Infinity) animation.cancel();
      else animation.finish();
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }
}

/** A line for each element that breaks a rule. */
export async function breaches(page: Page, rules: RunOnly = ALL): Promise<string[]> {
  await page.evaluate(rest, MOST_ROUNDS);
  await page.evaluate(`window.axe || (() => { ${AXE} })()`);
  const results = (await page.evaluate((runOnly) => {
    const { axe } = window as unknown as { axe: { run: (context: object, options: object) => Promise<unknown> } };
    return axe.run({ exclude: [['[data-tabster-dummy]']] }, { runOnly });
  }, rules)) as AxeResults;
  return results.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim() ?? one.help})`));
}

export async function accessible(page: Page, where: string): Promise<void> {
  expect(await breaches(page), where).toEqual([]);
}
