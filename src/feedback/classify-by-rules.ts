// This file asks the rules of the reply classifier in their order (rules.ts), and keeps a generic one from ending an address where the same words speak of something else.
import { BROAD_CODE, decideByCode, decideByOwnCode } from './classify-by-code.ts';
import { foldAccents } from './fold-accents.ts';
import type { ReplyText } from './reply-text.ts';
import type { ReplyRule } from './rules/rule.ts';
import { GENERIC_RULES, RECEIVER_RULES, WIDEST_RULES } from './rules.ts';
import { CLASS_FAULT, type FeedbackClass } from './vocabulary.ts';

export interface Decision {
  readonly class: FeedbackClass;
  readonly rule: string;
  readonly suppress: boolean;
}

/**
 * What the rules make of a reply: a reason behind a stock preamble, receivers' own words, codes of one receiver, generic words, codes, the widest words (asked unless `narrow`, when
 * there is more to read). Pure; time grows linearly with the words.
 */
export function decideByRules(text: ReplyText, { narrow }: { readonly narrow: boolean }): Decision {
  const codes = `${text.code} ${text.enhanced}`;
  const reason = reasonBehindPreamble(text, codes);
  if (reason !== undefined) return byRule(reason, text);
  const known = RECEIVER_RULES.find((rule) => matches(rule, text.words, { text, codes }));
  if (known !== undefined) return { class: known.class, rule: known.id, suppress: known.suppress ?? true };
  const own = decideByOwnCode(text);
  if (own !== null) return own;
  const rule = firstOf(GENERIC_RULES, text, codes);
  const said = decideByCode(text);
  if (rule !== undefined && !(said !== null && WEAK_WORDS.has(rule.id) && PLAIN_CODE.test(said.rule))) return byRule(rule, text);
  const byCode = said === null ? null : { ...said, suppress: said.suppress && !ABOUT_US.test(text.words) && !speaksOfSomethingElse(text) };
  if (byCode !== null && !BROAD_CODE.test(byCode.rule)) return byCode;
  const wide = !narrow && text.words.length <= WIDEST_CHARS_MAX;
  const widest = wide ? firstOf(WIDEST_RULES, text, codes) : undefined;
  if (widest !== undefined) return { class: widest.class, rule: widest.id, suppress: false };
  // Names are all that is left: "550 see http://example.com/blacklist".
  const named =
    text.plain === text.words ? undefined : firstOf(GENERIC_RULES, { ...text, plain: text.words, folded: foldAccents(text.words) }, codes);
  if (named !== undefined) return byRule(named, text);
  return byCode ?? { class: 'unclassified', rule: 'nothing said', suppress: false };
}

/** What RFC 5321 §4.2.3 puts in front of many happenings: where a sentence follows it, the sentence is the reason. */
const PREAMBLE =
  /requested (?:mail )?action (?:not taken|aborted)[ :;.-]{1,3}(?:mail ?box (?:name )?(?:unavailable|not available|not allowed)|exceeded storage allocation|local error in processing)[ :;.,-]{1,3}/;
/** A link to an explanation is no reason. */
const EXPLAINED_ELSEWHERE = /(?:for explanation|for (?:more )?(?:information|details)|please|see|visit)[ :].{0,200}$/;

function reasonBehindPreamble(text: ReplyText, codes: string): ReplyRule | undefined {
  const preamble = PREAMBLE.exec(text.plain);
  if (preamble === null) return undefined;
  const behind = text.plain.slice(preamble.index + preamble[0].length).replace(EXPLAINED_ELSEWHERE, '');
  if (!/[a-z]{3}.{0,40}[a-z]{3}/.test(behind)) return undefined;
  const rule = firstOf(GENERIC_RULES, { ...text, plain: behind, folded: foldAccents(behind), words: behind }, codes);
  return rule === undefined || FINAL_CLASSES.has(rule.class) ? undefined : rule;
}

/** Words that stand in answers of every kind, and codes that mean one thing which such words do not deny: full, too large, not authenticated. */
const WEAK_WORDS: ReadonlySet<string> = new Set(['system', 'policy', 'policy-reasons', 'access-denied', 'access-denied-by-policy']);
const PLAIN_CODE = /^enhanced [45]\.(?:2\.2|3\.4|7\.2[0-6])$/;

/** The first generic rule that matches the words without names; rules that ask for names see them. */
function firstOf(rules: readonly ReplyRule[], text: ReplyText, codes: string): ReplyRule | undefined {
  return rules.find(
    (rule) => matches(rule, rule.names ? text.words : rule.folded ? text.folded : text.plain, { text, codes }) && !isDoubtful(rule, text),
  );
}

function byRule(rule: ReplyRule, text: ReplyText): Decision {
  const sure = rule.id !== 'recipient-refused' || !speaksOfSomethingElse(text);
  return { class: rule.class, rule: rule.id, suppress: (rule.suppress ?? true) && sure && !ABOUT_US.test(text.words) };
}

/**
 * Words that speak of us, our IP or our mail, or of a passing state. Rules of one receiver know what they say; a generic one must not hold an address when the same
 * answer speaks of us. A wrong hold silences a good member; a missing one costs one more bounce.
 */
export const ABOUT_US =
  /\bsender|absender|exp[ée]diteur|[ée]metteur|remitente|remetente|mittente|afzender|spam|\bblock(?:ed|ing|list)|blacklist|reputation|polic(?:y|ies)|\bspf\b|\bdkim\b|dmarc|unsolicited|abuse|\byour (?:ip|host|server|domain|mail ?server)|\brelay|content|virus|reject(?:ed)? (?:your|this) (?:mail|message)|forg(?:ed|ery)|denied|authori[sz]ed|temporar|\brate\b|too (?:many|fast|busy)|limit|connect|time[d ]*out|\bloop|hops|later\b|tenant|attachment|headers?\b|malformed|configur|body type|\bmedia\b|conversion|characters|congestion|\b8-?bit|data format|\d ?mb\b|recipients per|storageerror|(?<!not )(?<!un)listed\b|declined|(?:log ?in|retry) before/;

/**
 * A code that names the mailbox, and words that name something else: "550 5.1.1 Rejected, your server has been compromised". The class may stay, but the words are asked as if no
 * enhanced code stood there, and what they say of anything but the recipient keeps the address free. Refusals that do not say why count for the code.
 */
function speaksOfSomethingElse(text: ReplyText): boolean {
  const bare = { ...text, enhanced: '' };
  const rule = firstOf(GENERIC_RULES, bare, `${text.code} `) ?? firstOf(WIDEST_RULES, bare, `${text.code} `);
  return rule !== undefined && CLASS_FAULT[rule.class] !== 'recipient' && !SAYS_NO_MORE.has(rule.id);
}

/** Refusals of a recipient that give no reason, and "user unknown" that a filter may say as well. */
const SAYS_NO_MORE: ReadonlySet<string> = new Set([
  'last-recipient-refused',
  'last-refused',
  'unknown-user-vague',
  'unknown-user-by-filter-code',
  'unknown-user-by-policy',
]);

const FINAL_CLASSES: ReadonlySet<FeedbackClass> = new Set<FeedbackClass>(['invalid-recipient', 'bad-domain', 'domain-not-accepting']);

/** "Unknown", "not found" and "invalid" are also said of senders, headers, links and log-ins. */
const NOT_THE_ADDRESS =
  /\b(?:from|to|date|subject|cc|message)[ -](?:id )?headers?\b|headers? \(|\bin (?:the )?from\b|\b(?:envelope |mail )sender|sender (?:address|domain) (?:was |is )?(?:rejected|refused)|^(?:\d{3} )?(?:\d\.\d\.\d{1,3} )?(?:the |your )?(?:sender|from address|return[- ]path|mail from|envelope|originator)\b|sender(?:'s)? domain|message body|\burls?\b|\b(?:helo|ehlo)\b|\bspf\b|only (?:members|subscribers)|subscribers may|\byour (?:account|log-?in|user ?name)|user agent|authentication (?:required|failed)|dns for \d|(?:data ?base|mail ?store|store|server|directory|ldap)(?: is| are| was)? (?:currently |temporarily )?(?:not |un)(?:available|reachable)/;
/** A temporary answer, or one that says so, is about the moment. */
const FOR_NOW =
  /temporar|data ?base|being (?:migrated|moved|upgraded)|maintenance|in progress|will (?:retry|be retried)|try (?:again|later)/;
const FOR_NOW_ALTHOUGH_FINAL =
  /temporarily (?:not|un)|(?:during|under|for) maintenance|being (?:migrated|moved|upgraded)|will (?:retry|be retried)/;

/** A generic rule must not end an address (hard) where the same words speak of something else, or of the moment; the next rule is asked then. */
function isDoubtful(rule: ReplyRule, text: ReplyText): boolean {
  if (!FINAL_CLASSES.has(rule.class)) return false;
  // Of several answers glued together, a permanent one is not about the moment.
  const forNow = text.code.startsWith('4') && !/\b55\d\b/.test(text.words) ? FOR_NOW : FOR_NOW_ALTHOUGH_FINAL;
  return NOT_THE_ADDRESS.test(text.words) || forNow.test(text.words);
}

function matches(rule: ReplyRule, words: string, { text, codes }: { readonly text: ReplyText; readonly codes: string }): boolean {
  return (
    (rule.code === undefined || rule.code.test(codes)) &&
    (rule.domains === undefined || rule.domains.test(text.domains)) &&
    rule.words.some((pattern) => pattern.test(words))
  );
}

/** A reply is short. In a whole notice the widest words would meet by chance. In characters. */
const WIDEST_CHARS_MAX = 300;
