// This file opens a session: greeting, EHLO (RFC 5321 §3.1), STARTTLS (RFC 3207), AUTH (RFC 4954). After it the wire is ready for MAIL.
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { ProviderAccount } from '../../delivery/provider.ts';
import { type Extensions, NO_EXTENSIONS, readExtensions } from './extensions.ts';
import { type Judgement, judgeOpening, type OpeningStage } from './outcome.ts';
import { FAULT, MORE } from './reply.ts';
import type { SmtpSettings } from './settings.ts';
import type { Wire } from './wire.ts';

export interface OpenOptions {
  readonly settings: SmtpSettings;
  readonly secret: ProviderAccount['secret'];
  readonly nowMs: () => number;
}

export type Opened = { readonly offers: Extensions; readonly refusal?: never } | { readonly refusal: Judgement; readonly offers?: never };

/** `code` 0: the line broke, `text` says how. */
interface Reply {
  readonly code: number;
  readonly text: string;
}

/** The mechanisms we speak, best first. */
const MECHANISMS = ['PLAIN', 'LOGIN'] as const;

/** Brings a new wire to where MAIL may be said. Never rejects; whatever goes wrong is the refusal, which holds for all who wait. */
export async function openSession(wire: Wire, options: OpenOptions): Promise<Opened> {
  const { settings } = options;
  const talk = dialogue(wire, options);
  talk.allow(settings.timeouts.connect_ms);
  const closed = await wire.opened;
  if (closed !== null) return { refusal: unreachable(closed) };
  const greeting = await talk.hear();
  if (greeting.code !== 220) return refused('greeting', greeting);
  let offers = await sayHello(wire, talk, settings);
  if (settings.tls === 'starttls' && offers.refusal === undefined) {
    if (!offers.offers.startTls) return misconfigured('The host does not offer STARTTLS, which the settings ask for.');
    const ready = await talk.say('STARTTLS');
    if (ready.code !== 220) return refused('greeting', ready);
    talk.allow(settings.timeouts.greeting_ms);
    talk.forget();
    const failed = await wire.upgrade();
    if (failed !== null) return { refusal: unreachable(`TLS: ${failed}`) };
    // RFC 3207 §4.2: what was offered in clear is forgotten.
    offers = await sayHello(wire, talk, settings);
  }
  if (offers.refusal !== undefined) return offers;
  const refusal = settings.username === undefined ? null : await logIn(talk, settings.username, options, offers.offers);
  return refusal === null ? offers : { refusal };
}

/** The network, not the server, failed: nothing was accepted. */
export function unreachable(why: string): Judgement {
  return { outcome: { kind: 'not_sent', reply: why }, account: { kind: 'unreachable', reason: why } };
}

async function sayHello(wire: Wire, talk: Dialogue, settings: SmtpSettings): Promise<Opened> {
  const name = settings.helo ?? ourName(wire.localAddress);
  const extended = await talk.say(`EHLO ${name}`);
  if (extended.code === 250) return { offers: readExtensions(extended.text) };
  // RFC 5321 §3.2: a server that does not know EHLO may still know HELO.
  if (extended.code < 500 || extended.code > 504) return refused('greeting', extended);
  const plain = await talk.say(`HELO ${name}`);
  return plain.code === 250 ? { offers: NO_EXTENSIONS } : refused('greeting', plain);
}

/** RFC 5321 §4.1.3: a machine without a full name introduces itself by its address. */
function ourName(localAddress: string): string {
  const name = hostname();
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name)) return name;
  return isIP(localAddress) === 6 ? `[IPv6:${localAddress}]` : `[${localAddress}]`;
}

async function logIn(talk: Dialogue, username: string, { secret, settings }: OpenOptions, offers: Extensions): Promise<Judgement | null> {
  const mechanism = MECHANISMS.find((name) => offers.auth.has(name));
  if (mechanism === undefined) {
    const offered = offers.auth.size === 0 ? 'no log-in at all' : [...offers.auth].join(', ');
    return misconfigured(`The host offers ${offered}${settings.tls === 'none' ? ' without TLS' : ''}; AUTH PLAIN or LOGIN is needed.`)
      .refusal;
  }
  const { password = '' } = secret.reveal();
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const both = base64(`\0${username}\0${password}`);
  const steps = mechanism === 'PLAIN' ? [`AUTH PLAIN ${both}`, both] : ['AUTH LOGIN', base64(username), base64(password)];
  let reply: Reply = { code: 334, text: '' };
  for (const step of steps) {
    if (reply.code !== 334) break;
    reply = await talk.say(step);
  }
  if (reply.code === 235) return null;
  return reply.code === 0 ? unreachable(reply.text) : judgeOpening('auth', reply.code, reply.text);
}

function refused(stage: OpeningStage, reply: Reply): { refusal: Judgement } {
  return { refusal: reply.code === 0 ? unreachable(reply.text) : judgeOpening(stage, reply.code, reply.text) };
}

function misconfigured(why: string): { refusal: Judgement } {
  return { refusal: { outcome: { kind: 'not_sent', reply: why }, account: { kind: 'misconfigured', reason: why } } };
}

interface Dialogue {
  /** Writes one command and waits for its reply. */
  say(command: string): Promise<Reply>;
  hear(): Promise<Reply>;
  /** Sets the time that the next thing may take, milliseconds. */
  allow(ms: number): void;
  /** Drops replies nobody asked for. */
  forget(): void;
}

/** Command and reply in turn, for the few exchanges before the first transaction. */
function dialogue(wire: Wire, { nowMs, settings }: OpenOptions): Dialogue {
  let heard: Reply[] = [];
  let waiter: ((reply: Reply) => void) | null = null;
  const give = (reply: Reply) => {
    if (waiter === null) heard.push(reply);
    else waiter(reply);
    waiter = null;
  };
  wire.onReadable = () => {
    for (let code = wire.reader.next(); code !== MORE; code = wire.reader.next()) {
      if (code === FAULT) return wire.lose('The server answered with something that is no SMTP reply.');
      give({ code, text: wire.reader.text() });
    }
  };
  wire.onLost = (why) => give({ code: 0, text: why });
  const allow = (ms: number) => {
    wire.deadlineMs = nowMs() + ms;
  };
  const hear = () => {
    allow(settings.timeouts.greeting_ms);
    const early = heard.shift();
    if (early !== undefined) return Promise.resolve(early);
    return new Promise<Reply>((resolve) => {
      waiter = wire.lost === null ? resolve : null;
      if (wire.lost !== null) resolve({ code: 0, text: wire.lost });
    });
  };
  const say = (command: string) => {
    wire.writeText(`${command}\r\n`, true);
    return hear();
  };
  return { say, hear, allow, forget: () => (heard = []) };
}
