// This file says what the words of a language are: for every mistake a sentence that names it and one that says what to do next.
// {host} {type} {value} {seen} {seenHost} {better} {detail} are filled in.
import type { MistakeCode } from '../mistake-codes.ts';

export interface MistakeWords {
  readonly message: string;
  readonly next: string;
}

export type MistakeWordList = Readonly<Record<MistakeCode, MistakeWords>>;
