// This file says an incident in the reader's language: what happened, and the next step. Kinds this console does not know are told as the API
// tells them.
import type { Incident } from '../api/feedback-model.ts';
import type { Format } from '../format.ts';
import { providerNameIn } from '../mailbox-providers.ts';
import { incidentsWords } from '../words/incidents.words.ts';
import { pick } from '../words/words.ts';

type Told = Pick<Incident, 'kind' | 'subject' | 'title'>;

export function incidentTitle({ kind, subject, title }: Told, { lang }: Pick<Format, 'lang'>): string {
  // The API tells it in English.
  if (lang === 'en') return title;
  const say = pick(incidentsWords, lang);
  const at = subject.mailbox_provider === undefined ? say.aReceiver : providerNameIn(subject.mailbox_provider, lang);
  const account = subject.account?.name ?? say.anAccount;
  switch (kind) {
    case 'ip-blocked':
      return say.ipBlocked(at, subject.pool === undefined ? account : `${account} (${subject.pool.name})`);
    case 'authentication':
      return say.authentication(subject.domain ?? say.aDomain);
    case 'account':
      return say.accountRefuses(account);
    case 'capacity':
      return say.capacity(at, account);
    case 'content':
      return say.content(subject.message?.subject ?? '');
    default:
      return title;
  }
}

export function incidentNext({ kind, next_step }: Pick<Incident, 'kind' | 'next_step'>, { lang }: Pick<Format, 'lang'>): string {
  if (lang === 'en') return next_step;
  const say = pick(incidentsWords, lang);
  const next = {
    'ip-blocked': say.nextIpBlocked,
    authentication: say.nextAuthentication,
    account: say.nextAccount,
    capacity: say.nextCapacity,
    content: say.nextContent,
  };
  return next[kind] ?? next_step;
}
