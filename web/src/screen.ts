// This file remembers how a person likes the screen: theme, density and language. public/screen.js reads the same key before the first paint.
import { useSyncExternalStore } from 'react';
import { type Lang, pick, type Words } from './words/words.ts';

export interface Screen {
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  readonly lang: Lang;
}

const KEY = 'packetboat.screen';
const listeners = new Set<() => void>();
let screen: Screen = read();

/** Changes what is given, applies it to the page and remembers it. */
export function setScreen(change: Partial<Screen>): void {
  screen = { ...screen, ...change };
  const root = document.documentElement;
  if (screen.theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = screen.theme;
  if (screen.density === 'compact') root.dataset['density'] = 'compact';
  else delete root.dataset['density'];
  root.lang = screen.lang;
  try {
    localStorage.setItem(KEY, JSON.stringify(screen));
  } catch {
    // A browser that forbids storing keeps the choice until the page is closed.
  }
  for (const listener of listeners) listener();
}

export function useScreen(): Screen {
  return useSyncExternalStore(subscribe, () => screen);
}

/** The texts of a room in the person's language. */
export function useWords<C extends Parameters<typeof pick>[0]>(texts: C): Words<C> {
  return pick(texts, useScreen().lang);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Screen {
  let kept: Partial<Record<keyof Screen, unknown>> = {};
  try {
    const text = localStorage.getItem(KEY);
    const value: unknown = text === null ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null) kept = value;
  } catch {
    // What cannot be read is as good as nothing remembered.
  }
  return {
    theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
    density: kept.density === 'compact' ? 'compact' : 'comfortable',
    lang: document.documentElement.lang === 'de' ? 'de' : 'en',
  };
}
