// This file logs in (RFC 4954): with a password by PLAIN or LOGIN, or with an access token by OAUTHBEARER (RFC 7628) or XOAUTH2, which is what Microsoft and
// Google called it before. A token that the host does not take is replaced once.
import type { TokenAnswer } from '../../delivery/access-tokens.ts';
import type { Extensions } from './extensions.ts';
import { type Judgement, judgeOpening, misconfigured, unreachable } from './outcome.ts';

/** `code` 0: the line broke, `text` says how. */
export interface Reply {
  readonly code: number;
  readonly text: string;
}

export interface Dialogue {
  /** Writes one command and waits for its reply. */
  say(command: string): Promise<Reply>;
  hear(): Promise<Reply>;
  /** Sets the time that the next thing may take, milliseconds. */
  allow(ms: number): void;
  /** Drops replies nobody asked for. */
  forget(): void;
}

export interface LogIn {
  readonly username: string;
  readonly host: string;
  readonly port: number;
  /** A password would cross the network in clear, so hosts offer less. */
  readonly clear: boolean;
  readonly proof:
    | { readonly kind: 'password'; readonly password: string }
    /** Asks for a token; one that the host refused is named and not given again. */
    | { readonly kind: 'token'; readonly token: (refused?: string) => Promise<TokenAnswer> };
}

/** The mechanisms we speak, best first. */
const FOR_PASSWORDS = ['PLAIN', 'LOGIN'] as const;
const FOR_TOKENS = ['OAUTHBEARER', 'XOAUTH2'] as const;
/** A command ends here, with its line end (RFC 5321 §4.5.3.1.4); a longer first answer follows on a line of its own (RFC 4954 §4). */
const COMMAND_MAX_OCTETS = 512;
/** The endpoint has 15 s to answer, and another process may be asking. */
const TOKEN_WAIT_MS = 45_000;
/** "Wrong"; a host that has trouble says 454. */
const REFUSED = 535;

/** Null when the host knows us now. */
export async function logIn(talk: Dialogue, login: LogIn, offers: Extensions): Promise<Judgement | null> {
  return login.proof.kind === 'token'
    ? byToken(talk, login, login.proof.token, offers)
    : byPassword(talk, login, login.proof.password, offers);
}

async function byPassword(talk: Dialogue, login: LogIn, password: string, offers: Extensions): Promise<Judgement | null> {
  const mechanism = FOR_PASSWORDS.find((name) => offers.auth.has(name));
  if (mechanism === undefined) return misconfigured(`${offered(login, offers)}; AUTH PLAIN or LOGIN is needed.${hint(offers)}`);
  const both = base64(`\0${login.username}\0${password}`);
  const steps = mechanism === 'PLAIN' ? [`AUTH PLAIN ${both}`, both] : ['AUTH LOGIN', base64(login.username), base64(password)];
  let reply: Reply = { code: 334, text: '' };
  for (const step of steps) {
    if (reply.code !== 334) break;
    reply = await talk.say(step);
  }
  return reply.code === 235 ? null : refusal(reply);
}

async function byToken(
  talk: Dialogue,
  login: LogIn,
  ask: (refused?: string) => Promise<TokenAnswer>,
  offers: Extensions,
): Promise<Judgement | null> {
  const mechanism = FOR_TOKENS.find((name) => offers.auth.has(name));
  if (mechanism === undefined) return misconfigured(`${offered(login, offers)}; AUTH OAUTHBEARER or XOAUTH2 is needed for access tokens.`);
  let refused: string | undefined;
  for (;;) {
    talk.allow(TOKEN_WAIT_MS);
    const answer = await ask(refused);
    if (!answer.ok) return notToBeHad(answer);
    const { reply, challenge } = await offer(talk, mechanism, firstAnswer(mechanism, login, answer.token));
    if (reply.code === 235) return null;
    // Taken back, or run out sooner than was said: another one, once.
    if (reply.code === REFUSED && refused === undefined) {
      refused = answer.token;
      continue;
    }
    if (reply.code !== REFUSED) return refusal(reply);
    return misconfigured(
      `${reply.text}${challenge} (the access token was issued just now: check the user name, the scope, and that the application may log in to this mailbox)`,
    );
  }
}

/** One exchange. `challenge` is what the host said about the token before it refused (RFC 7628 §3.2.2), in words. */
async function offer(talk: Dialogue, mechanism: (typeof FOR_TOKENS)[number], first: string): Promise<{ reply: Reply; challenge: string }> {
  const command = `AUTH ${mechanism} ${first}`;
  let reply = await talk.say(command.length + 2 <= COMMAND_MAX_OCTETS ? command : `AUTH ${mechanism}`);
  if (reply.code === 334 && command.length + 2 > COMMAND_MAX_OCTETS) reply = await talk.say(first);
  if (reply.code !== 334) return { reply, challenge: '' };
  const challenge = statusIn(reply.text);
  // RFC 7628 §3.2.3: a lone ^A ends it; XOAUTH2 wants an empty line. The refusal follows.
  return { reply: await talk.say(mechanism === 'OAUTHBEARER' ? 'AQ==' : ''), challenge };
}

/** RFC 7628 §3.1, or what Google and Microsoft document as XOAUTH2. */
function firstAnswer(mechanism: (typeof FOR_TOKENS)[number], { username, host, port }: LogIn, token: string): string {
  if (mechanism === 'XOAUTH2') return base64(`user=${username}\x01auth=Bearer ${token}\x01\x01`);
  // RFC 5801 §4: a comma or an equals sign would end the name.
  const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  return base64(`n,a=${name},\x01host=${host}\x01port=${port}\x01auth=Bearer ${token}\x01\x01`);
}

/** The "status" of a challenge in JSON; '' where it is something else. */
function statusIn(text: string): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text.slice(4), 'base64').toString('utf8'));
    const status = typeof parsed === 'object' && parsed !== null && 'status' in parsed ? String(parsed.status) : '';
    return /^[\w .-]{1,60}$/.test(status) ? `, status ${status}` : '';
  } catch {
    return '';
  }
}

function notToBeHad({ kind, reason, retryAfterMs }: Exclude<TokenAnswer, { ok: true }>): Judgement {
  const rest = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { outcome: { kind: 'not_sent', reply: reason }, account: { kind, reason, ...rest } };
}

function refusal(reply: Reply): Judgement {
  return reply.code === 0 ? unreachable(reply.text) : judgeOpening('auth', reply.code, reply.text);
}

function offered({ clear }: LogIn, offers: Extensions): string {
  const names = offers.auth.size === 0 ? 'no log-in at all' : [...offers.auth].join(', ');
  return `The host offers ${names}${clear ? ' without TLS' : ''}`;
}

/** A host that took passwords once may have stopped to. */
function hint(offers: Extensions): string {
  return FOR_TOKENS.some((name) => offers.auth.has(name)) ? ' It takes access tokens: see docs/OAUTH.md.' : '';
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
