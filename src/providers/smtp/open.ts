// This file opens a session: greeting, EHLO (RFC 5321 §3.1), STARTTLS (RFC 3207), AUTH (RFC 4954). After it the wire is ready for MAIL.
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Extensions, NO_EXTENSIONS, readExtensions } from './extensions.ts';
import { type Dialogue, type LogIn, logIn, type Reply } from './log-in.ts';
import { type Judgement, judgeOpening, misconfigured, type OpeningStage, unreachable } from './outcome.ts';
import { FAULT, MORE } from './reply.ts';
import type { SmtpSettings } from './settings.ts';
import type { Wire } from './wire.ts';

export interface OpenOptions {
  readonly settings: SmtpSettings;
  /** Null: the host takes mail without. */
  readonly logIn: LogIn | null;
  readonly nowMs: () => number;
}

export type Opened = { readonly offers: Extensions; readonly refusal?: never } | { readonly refusal: Judgement; readonly offers?: never };

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
    if (!offers.offers.startTls) return { refusal: misconfigured('The host does not offer STARTTLS, which the settings ask for.') };
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
  const refusal = options.logIn === null ? null : await logIn(talk, options.logIn, offers.offers);
  return refusal === null ? offers : { refusal };
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

function refused(stage: OpeningStage, reply: Reply): { refusal: Judgement } {
  return { refusal: reply.code === 0 ? unreachable(reply.text) : judgeOpening(stage, reply.code, reply.text) };
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
