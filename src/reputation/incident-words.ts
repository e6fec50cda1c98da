// This file says an incident in a sentence, and what to do next.
import type { IncidentKind } from './incidents.ts';

export interface IncidentNames {
  readonly account: string | null;
  readonly pool: string | null;
  readonly mailboxProvider: string | null;
  readonly domain: string | null;
  /** Of the mailing. */
  readonly messageSubject: string | null;
}

/** What people call the mailbox providers of delivery/mailbox-provider.ts. */
const RECEIVERS: Readonly<Record<string, string>> = {
  google: 'Gmail',
  microsoft: 'Outlook',
  yahoo: 'Yahoo',
  apple: 'iCloud',
  gmx: 'GMX and WEB.DE',
  't-online': 'T-Online',
  orange: 'Orange',
  comcast: 'Comcast',
  mimecast: 'Mimecast',
  proofpoint: 'Proofpoint',
  other: 'Other receivers',
};

/** The name of a mailbox provider for people. */
export function receiverName(mailboxProvider: string): string {
  return RECEIVERS[mailboxProvider] ?? mailboxProvider;
}

export function incidentTitle(kind: IncidentKind, names: IncidentNames): string {
  const receiver = names.mailboxProvider === null ? 'A receiver' : receiverName(names.mailboxProvider);
  const verb = receiver.includes(' ') && receiver !== 'A receiver' ? 'refuse' : 'refuses';
  const account = names.account ?? 'an account';
  switch (kind) {
    case 'ip-blocked':
      return `${receiver} ${verb} the IP of ${account}${names.pool ? ` (pool ${names.pool})` : ''}.`;
    case 'authentication':
      return `Receivers cannot verify that mail comes from ${names.domain ?? 'this domain'}.`;
    case 'account':
      return `${account} does not take our mail.`;
    case 'capacity':
      return `${receiver} ${verb === 'refuse' ? 'slow' : 'slows'} down the mail of ${account}.`;
    case 'content':
      return names.messageSubject
        ? `Receivers refuse the content of “${names.messageSubject}”.`
        : 'Receivers refuse the content of a mailing.';
  }
}

export function incidentNextStep(kind: IncidentKind): string {
  switch (kind) {
    case 'ip-blocked':
      return 'Mail for this receiver takes other accounts meanwhile, and a single message tries from time to time whether it is over. Look up the IP on the list that the words name, find who sent what it was listed for, and ask the provider or the list to remove it.';
    case 'authentication':
      return 'Compare the DNS records of the domain with those on its page, correct them, and let them be checked again. Addresses are not put on hold because of this.';
    case 'account':
      return 'Log in at the provider and read what it says about the account; the mail waits or takes other accounts until then.';
    case 'capacity':
      return 'The pace is lowered by itself. When it happens every day, set a limit for this mailbox provider, or spread the mailing over more hours.';
    case 'content':
      return 'Read the words of the receivers, change wording, links or attachments, and send the mailing again to those who did not get it.';
  }
}
