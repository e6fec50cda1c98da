// This file finds where a record that was found differs from the one that should stand there, so that a page can mark it.

export interface Differing {
  readonly before: string;
  /** What differs; '' where only something is missing. */
  readonly middle: string;
  readonly after: string;
}

/** Two texts that share less than this part of the shorter one are simply two texts: marks would say nothing. */
const SHARED_MIN = 0.3;
/** A mark begins and ends where a word of a record does. */
const EDGE = /[\s.;:=/@]/;

/** Where `text` differs from `other`; null where they are the same, or have too little in common. */
export function differing(text: string, other: string): Differing | null {
  if (text === other) return null;
  const most = Math.min(text.length, other.length);
  let head = 0;
  while (head < most && text[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && text[text.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  if (most === 0 || head + tail < most * SHARED_MIN) return null;
  const [start, end] = [wordStart(text, head), wordEnd(text, text.length - tail)];
  // A text that only lacks something has no part to mark.
  const lacks = head + tail >= text.length;
  return lacks
    ? { before: text.slice(0, head), middle: '', after: text.slice(head) }
    : { before: text.slice(0, start), middle: text.slice(start, end), after: text.slice(end) };
}

function wordStart(text: string, from: number): number {
  let at = from;
  // Where the difference begins with an edge, the word before it is whole.
  if (EDGE.test(text.charAt(at))) return at;
  while (at > 0 && !EDGE.test(text.charAt(at - 1))) at -= 1;
  return at;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  if (EDGE.test(text.charAt(at - 1))) return at;
  while (at < text.length && !EDGE.test(text.charAt(at))) at += 1;
  return at;
}
