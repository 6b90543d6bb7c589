/**
 * One registry of keys. A page registers what it can do while it is shown; `?` lists all that is registered.
 * No key fires while one types, and single keys can be switched off (WCAG 2.1.4).
 */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { MessageKey } from '@i18n/t';
import { prefs } from './prefs';

export type KeyGroup = 'anywhere' | 'list' | 'incident' | 'graph' | 'logs';

export interface KeyBinding {
  /** "j", "?", "g i", "ctrl+k", "shift+Enter", "ArrowDown" */
  key: string;
  label: MessageKey;
  group: KeyGroup;
  run: (event: KeyboardEvent) => void;
  /** Fires in inputs too; only sensible with a modifier. */
  inInputs?: boolean;
}

let bindings: KeyBinding[] = [];
const listeners = new Set<() => void>();
let pending = '';
let pendingSince = 0;
const SEQUENCE_MS = 1200;

function changed(next: KeyBinding[]): void {
  bindings = next;
  listeners.forEach((run) => run());
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
}

/** The name of a key press as bindings write it. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const single = event.key.length === 1;
  const parts = [
    event.ctrlKey || event.metaKey ? 'ctrl' : '',
    event.altKey ? 'alt' : '',
    event.shiftKey && !single ? 'shift' : '',
    single ? (event.ctrlKey ? event.key.toLowerCase() : event.key) : event.key,
  ];
  return parts.filter(Boolean).join('+');
}

function isModified(name: string): boolean {
  return name.startsWith('ctrl+') || name.startsWith('alt+');
}

function inOverlay(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="alertdialog"], [role="menu"]') !== null;
}

function allowed(binding: KeyBinding, event: KeyboardEvent): boolean {
  if (isTyping(event.target) && !binding.inInputs) return false;
  if (inOverlay() && !binding.inInputs) return false;
  return isModified(binding.key) || binding.key.length > 1 ? true : prefs().singleKeys;
}

/** Later bindings win, so a page may take a key from the shell. */
function find(name: string, event: KeyboardEvent): KeyBinding | undefined {
  return bindings.findLast((one) => one.key === name && allowed(one, event));
}

export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return;
  const name = keyName(event);
  const sequence = event.timeStamp - pendingSince < SEQUENCE_MS && pending ? `${pending} ${name}` : '';
  pending = '';
  const binding = (sequence && find(sequence, event)) || find(name, event);
  if (binding) {
    event.preventDefault();
    binding.run(event);
  } else if (!isTyping(event.target) && bindings.some((one) => one.key.startsWith(`${name} `))) {
    pending = name;
    pendingSince = event.timeStamp;
  }
}

/** Registers keys while the component is shown; the newest `run` is always the one called. */
export function useKeys(list: KeyBinding[]): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const names = list.map((one) => one.key).join('|');
  useEffect(() => {
    const mine = latest.current.map((one, index) => ({
      ...one,
      run: (event: KeyboardEvent) => latest.current[index]?.run(event),
    }));
    changed([...bindings, ...mine]);
    return () => changed(bindings.filter((one) => !mine.includes(one)));
  }, [names]);
}

export function useBindings(): KeyBinding[] {
  return useSyncExternalStore(
    (run) => {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    () => bindings,
  );
}

/** "ctrl+k" as a person reads it: "Ctrl K". */
export function keyHint(key: string): string {
  const words: Record<string, string> = { ctrl: 'Ctrl', alt: 'Alt', shift: 'Shift', ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', ' ': 'Space' };
  return key
    .split(/(?<=.)[+](?=.)/)
    .map((part) => words[part] ?? (part.length === 1 && key.startsWith('ctrl') ? part.toUpperCase() : part))
    .join(' ');
}
