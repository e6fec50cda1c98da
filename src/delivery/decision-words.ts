// This file says a stored route decision in the language of whoever reads it: why each way was taken or not, what holds the mail, and what would be better. A decision keeps
// its sentences in English (`because`, `heldBecause`, `better`) beside codes and facts; German is made from these. What a provider said stays as it was said.
import type { Language } from '../language.ts';
import { filled } from '../tenancy/told.ts';
import type { HeldCode } from './held-because.ts';
import type { AccountSignal } from './provider.ts';
import type { JudgementCode, RouteDecision } from './route.ts';

type Fields = Readonly<Record<string, unknown>>;
type BetterCode = NonNullable<RouteDecision['betterCode']>;

/**
 * The decision with `says` beside every `because`, `heldSays` and `betterSays`; it may be an operator's or one as an organisation sees it (`decisionForTenant`).
 * Where an older desk stored no code or not the fact that a sentence needs, its English words stand there.
 */
export function decisionSaid(decision: Fields, language: Language): Record<string, unknown> {
  const { judgements, heldBecause, better } = decision;
  const list = Array.isArray(judgements) ? judgements.filter(isFields) : [];
  return {
    ...decision,
    judgements: list.map((judgement) => ({ ...judgement, says: language === 'de' ? germanJudgement(judgement) : judgement['because'] })),
    heldSays: language === 'de' ? germanHeld(decision, list) : (heldBecause ?? null),
    betterSays: language === 'de' ? germanBetter(decision) : (better ?? null),
  };
}

/** {domain} in From · {key} the domain of the signing key · {asks} what a domain asks of receivers · {first} the account that takes it. */
const JUDGED: Readonly<Record<JudgementCode, string>> = {
  chosen: 'Der erste in der Reihenfolge, der darf und dem es gut geht.',
  paused: 'Das Konto ist angehalten.',
  'refused-already': 'Dieses Konto hat diesen Empfänger schon abgelehnt.',
  'domain-not-authenticated': '{provider} besteht auf SPF und DKIM, und {domain} ist nicht nachgewiesen.',
  'free-mailbox': '{domain} verbietet anderen, in seinem Namen zu schreiben.',
  'too-large': 'Die Nachricht hat {bytes} Bytes; dieser Anbieter nimmt höchstens {bytesMax}.',
  'cannot-carry': 'Dieser Anbieter kann die Nachricht nicht unverändert weitergeben. Seine Anbindung sagt dazu: „{because}“',
  unwell: 'Dem Konto geht es nicht gut ({health}).',
  'after-another': '{first} steht in der Reihenfolge davor.',
  'ip-blocked': 'Der Empfänger lehnt die IP dieses Kontos gerade ab; {first} nimmt die Nachricht solange.',
  'only-way': 'Der Empfänger lehnt die IP dieses Kontos gerade ab. Kein anderes Konto kann sie nehmen, darum versucht es dieses.',
  unproven: '{domain} bittet Empfänger, {asks}. Dieser Weg kann sie nicht nachweisen; {first} kann es.',
  'only-way-unproven': '{domain} bittet Empfänger, {asks}. Kein offener Weg kann sie nachweisen, darum versucht es dieser.',
  'as-is-not-allowed': 'Der Betreiber hat nicht erlaubt, dass Post von {domain} unverändert hinausgeht.',
  'key-revoked':
    'Der Signaturschlüssel von {key} wurde widerrufen, und der nächste steht noch nicht im DNS. {domain} bittet Empfänger, {asks}.',
  rewritten: 'Der Absender wird neu geschrieben als {address}, damit Empfänger ihn prüfen können; Antworten gehen an die Person.',
  'rewritten-unseen':
    'Der Absender wird neu geschrieben als {address}. Der Eintrag des Schlüssels, der dafür signiert, ist im DNS noch nicht zu sehen; bis dahin können Empfänger diese Post nicht prüfen. Antworten gehen an die Person.',
  'rewriting-not-allowed': 'Der Betreiber hat nicht erlaubt, dass der Absender neu geschrieben wird.',
  'rewriting-not-agreed': 'Der Absender würde neu geschrieben als {address}; dem hat die Organisation nicht zugestimmt.',
  'signed-by-author': 'Die Nachricht ist mit {signedWith} signiert oder verschlüsselt und damit an ihren Absender gebunden.',
};
/** What an organisation reads in place of these: no name of an account, and nothing of what ails it. */
const NEUTRAL: Partial<Readonly<Record<JudgementCode, string>>> = {
  paused: 'Die Plattform hat diesen Weg angehalten.',
  'refused-already': 'Dieser Weg hat diesen Empfänger schon abgelehnt.',
  unwell: 'Dieser Weg nimmt gerade keine Post.',
  'after-another': 'Ein anderer Weg steht in der Reihenfolge davor.',
  'ip-blocked': 'Der Empfänger lehnt diesen Weg gerade ab; ein anderer nimmt die Nachricht.',
  'only-way': 'Der Empfänger lehnt diesen Weg gerade ab, und es gibt keinen anderen.',
  unproven: 'Die Domain bittet Empfänger, auf Post zu reagieren, die sich nicht nachweisen lässt; ein anderer Weg kann sie nachweisen.',
  'only-way-unproven':
    'Die Domain bittet Empfänger, auf Post zu reagieren, die sich nicht nachweisen lässt, und kein offener Weg kann sie nachweisen.',
  'key-revoked': 'Der Signaturschlüssel der Domain wurde widerrufen, und der nächste steht noch nicht im DNS.',
};
const NOT_VERIFIED = '{provider} hat {domain} nicht bestätigt.';
const ASKS: Readonly<Record<string, string>> = {
  refusal: 'Post abzuweisen, die sich nicht nachweisen lässt',
  'spam-folder': 'Post in den Spam-Ordner zu legen, die sich nicht nachweisen lässt',
};
const HEALTH: Readonly<Record<AccountSignal['kind'], string>> = {
  quota: 'das Kontingent ist aufgebraucht',
  suspended: 'es ist gesperrt',
  misconfigured: 'es ist falsch eingerichtet',
  throttled: 'es wird gebremst',
  degraded: 'es antwortet schlecht',
  unreachable: 'es antwortet nicht',
};

const HELD: Readonly<Record<HeldCode, string>> = {
  'no-account': 'Für diese Post ist kein Anbieterkonto eingerichtet. Fügen Sie eines hinzu, oder nennen Sie eines in der Reihenfolge.',
  'free-mailbox':
    'Der Absender ist eine Adresse bei {domain}; dort ist verboten, dass andere in diesem Namen senden. Nehmen Sie eine Adresse einer eigenen Domain.',
  'domain-not-authenticated':
    '{domain} ist nicht nachgewiesen, und jedes Konto der Reihenfolge besteht darauf. Veröffentlichen Sie die Einträge, oder fügen Sie ein Konto hinzu, das bestätigte Adressen annimmt.',
  'key-revoked':
    'Der Signaturschlüssel von {domain} wurde widerrufen, und die Richtlinie lässt Empfänger Post ohne Signatur abweisen. Veröffentlichen Sie den Eintrag des nächsten Schlüssels; dann geht sie von selbst hinaus.',
  'every-account-out':
    'Jedes Konto der Reihenfolge ist angehalten oder kann diese Nachricht nicht nehmen. Sie geht von selbst hinaus, sobald eines es kann; die Entscheidung sagt, was jedem fehlt.',
  'rewriting-not-agreed':
    'Empfänger würden Post von {domain} abweisen, die von diesem Pult kommt. Der Absender kann als {address} neu geschrieben werden, mit Antworten an die Person; dem muss die Organisation zuerst zustimmen (bei ihren Absendern, oder „packetboat senders rewriting --agree“). Dann geht sie von selbst hinaus.',
  'signed-by-author':
    'Die Nachricht ist signiert oder verschlüsselt und damit an {domain} gebunden; der Absender kann nicht neu geschrieben werden. Geben Sie sie ohne Signatur auf, oder melden Sie eine eigene Domain an; dann geht sie von selbst hinaus.',
};

const BETTER: Readonly<Record<BetterCode, string>> = {
  'authenticate-domain': 'Weisen Sie {domain} nach (SPF und DKIM), dann kann diese Post {account} nehmen.',
  'publish-records': 'Veröffentlichen Sie die Einträge von {domain}: Dann kann jeder Weg diese Post nachweisen.',
  'own-domain': 'Mit einer Adresse einer eigenen Domain, und deren Einträgen, bleibt der Absender, wie er ist, und lässt sich nachweisen.',
  'agree-to-rewriting':
    'Stimmen Sie zu, dass der Absender neu geschrieben wird: Sobald die Einträge der Domain dafür zu sehen sind, können Empfänger diese Post prüfen, und Antworten gehen an die Person.',
  'allow-rewriting':
    'Der Betreiber kann erlauben, dass der Absender auf einer Domain der Plattform neu geschrieben wird: Sobald deren Einträge zu sehen sind, können Empfänger diese Post prüfen.',
};
const A_BETTER_WAY = 'einen besseren Weg';

function germanJudgement(judgement: Fields): unknown {
  const { because, code, account, provider, facts: stored } = judgement;
  if (typeof code !== 'string' || !Object.hasOwn(JUDGED, code)) return because;
  // The line above looked the code up.
  const known = code as JudgementCode;
  const facts = isFields(stored) ? stored : {};
  const forTenant = account === undefined;
  const neutral = forTenant ? NEUTRAL[known] : undefined;
  if (neutral !== undefined) return neutral;
  const { domain, asks, health, words } = facts;
  const told = known === 'domain-not-authenticated' && facts['told'] === true;
  const about = {
    ...facts,
    provider,
    because,
    key: facts['key'] ?? domain,
    asks: typeof asks === 'string' ? (ASKS[asks] ?? asks) : 'auf Post zu reagieren, die sich nicht nachweisen lässt',
    health: Object.entries(HEALTH).find(([kind]) => kind === health)?.[1] ?? health,
  };
  const said = whole(told ? NOT_VERIFIED : JUDGED[known], about) ?? because;
  return known === 'unwell' && typeof words === 'string' && words !== '' ? `${said} ${words}` : said;
}

function germanHeld({ heldCode: code, heldBecause, facts }: Fields, judgements: readonly Fields[]): unknown {
  if (typeof code !== 'string' || !Object.hasOwn(HELD, code)) return heldBecause ?? null;
  // The line above looked the code up.
  return whole(HELD[code as HeldCode], { ...(isFields(facts) ? facts : {}), address: addressIn(judgements) }) ?? heldBecause;
}

function germanBetter({ betterCode: code, better, facts }: Fields): unknown {
  if (!better || typeof code !== 'string' || !Object.hasOwn(BETTER, code)) return better ?? null;
  // The line above looked the code up.
  return whole(BETTER[code as BetterCode], { account: A_BETTER_WAY, ...(isFields(facts) ? facts : {}) }) ?? better;
}

/** What From would become, where a way says it. */
function addressIn(judgements: readonly Fields[]): unknown {
  return judgements.map(({ facts }) => (isFields(facts) ? facts['address'] : undefined)).find((address) => typeof address === 'string');
}

/** The sentence with its facts; null when one is missing. */
function whole(sentence: string, facts: Fields): string | null {
  const there = Object.entries(facts).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as const] : [],
  );
  const said = filled(sentence, Object.fromEntries(there));
  const missing = [...sentence.matchAll(/\{([a-z]+)\}/gi)].some(([, name]) => !there.some(([known]) => known === name));
  return missing ? null : said;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
