// This file is the order in which reply rules are asked: the first that matches decides. Single receivers come before generic words, words about
// the sender before words about the recipient, words before codes (`rules/codes.ts`).
import { ASIA_RULES } from './rules/asia.ts';
import { ELSEWHERE_RULES } from './rules/elsewhere.ts';
import { EUROPE_RULES } from './rules/europe.ts';
import { GATEWAY_RULES } from './rules/gateways.ts';
import { GENERIC_CONTENT_RULES } from './rules/generic-content.ts';
import { LAST_RULES } from './rules/generic-last.ts';
import { PHRASE_RULES } from './rules/generic-phrases.ts';
import { GENERIC_RECIPIENT_RULES } from './rules/generic-recipient.ts';
import { GENERIC_SENDER_RULES } from './rules/generic-sender.ts';
import { SENTENCE_RULES } from './rules/generic-sentences.ts';
import { SUBJECT_RULES } from './rules/generic-subjects.ts';
import { GENERIC_SYSTEM_RULES } from './rules/generic-system.ts';
import { GOOGLE_RULES } from './rules/google.ts';
import { LANGUAGE_RULES } from './rules/languages.ts';
import { LANGUAGE_RULES_ABOUT_US } from './rules/languages-us.ts';
import { MICROSOFT_YAHOO_APPLE_RULES } from './rules/microsoft-yahoo-apple.ts';
import { MTA_RULES } from './rules/mtas.ts';
import { NORTH_AMERICA_RULES } from './rules/north-america.ts';
import { OWN_WORDS_RULES } from './rules/own-words.ts';
import type { ReplyRule } from './rules/rule.ts';
import { SERVER_RULES } from './rules/servers.ts';

/** Rules that know who speaks. After them come codes that only one receiver gives (`MICROSOFT_CLASS`), then words that anybody may say. */
export const RECEIVER_RULES: readonly ReplyRule[] = [
  ...GOOGLE_RULES,
  ...MICROSOFT_YAHOO_APPLE_RULES,
  ...EUROPE_RULES,
  ...NORTH_AMERICA_RULES,
  ...ELSEWHERE_RULES,
  ...ASIA_RULES,
  ...GATEWAY_RULES,
  ...MTA_RULES,
  ...SERVER_RULES,
  ...OWN_WORDS_RULES,
];

export const GENERIC_RULES: readonly ReplyRule[] = [
  ...PHRASE_RULES,
  ...SENTENCE_RULES,
  ...LANGUAGE_RULES_ABOUT_US,
  ...GENERIC_SENDER_RULES,
  ...GENERIC_CONTENT_RULES,
  ...GENERIC_RECIPIENT_RULES,
  ...LANGUAGE_RULES,
  ...GENERIC_SYSTEM_RULES,
];

/** Asked after the codes that mean one thing: the widest words, then whom the answer speaks of. */
export const WIDEST_RULES: readonly ReplyRule[] = [...LAST_RULES, ...SUBJECT_RULES];

export const REPLY_RULES: readonly ReplyRule[] = [...RECEIVER_RULES, ...GENERIC_RULES, ...WIDEST_RULES];
