// This file tells what waits for a person in the reader's language, with a way to a room that exists. Kinds this console does not know are told
// as the API tells them.
import type { Overview } from '../api/model.ts';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { homeWords } from '../words/home.ts';
import { pick } from '../words/words.ts';

type Need = Overview['needs_person'][number];

export interface ToldNeed {
  readonly title: string;
  readonly text: string;
  readonly href: string | null;
}

/** Rooms of the console, by the first part of their path. */
const ROOMS = /^\/(?:messages|bounces|complaints|holds|incidents|accounts|tenants|credentials)(?:[/?#]|$)/;

export function tellNeed(need: Need, data: Overview, format: Format): ToldNeed {
  const say = pick(homeWords, format.lang);
  const href = ROOMS.test(need.href) ? need.href : null;
  // The API's sentence begins with the number where there is one.
  const count = /^\d[\d,]*(?: or more)?/.exec(need.title)?.[0] ?? '';
  switch (need.kind) {
    case 'ledger':
      return { title: say.needLedger(format.int(Math.abs(data.ledger.difference ?? 0))), text: say.needLedgerText, href: null };
    case 'no-account':
      return { title: say.needNoAccount, text: say.needNoAccountText, href: paths.accounts() };
    case 'account': {
      const account = data.accounts.find((row) => need.title.startsWith(row.name));
      return account === undefined
        ? { ...need, href }
        : { title: say.needAccount(account.name), text: need.text, href: paths.account(account.id) };
    }
    case 'held':
      return { title: say.needHeld(Number(count.replaceAll(',', ''))), text: say.needHeldText, href };
    case 'incident': {
      const kind = new URLSearchParams(need.href.split('?')[1]).get('kind') ?? '';
      const of = {
        'ip-blocked': say.incidentIp,
        authentication: say.incidentAuth,
        capacity: say.incidentCapacity,
        content: say.incidentContent,
      };
      // Checked by the `in`; every other kind is told in general.
      const what = kind in of ? of[kind as keyof typeof of] : say.incidentOther;
      return {
        title: format.lang === 'en' ? need.title : count === '' ? what : say.incidentMany(count, what),
        text: format.lang === 'en' ? need.text : say.incidentText,
        href,
      };
    }
    case 'webhook':
      return { title: say.needWebhook(count), text: say.needWebhookText, href: null };
    case 'domain':
      return { title: say.needDomain(count), text: say.needDomainText, href: paths.tenants() };
    default:
      return { title: need.title, text: need.text, href };
  }
}
