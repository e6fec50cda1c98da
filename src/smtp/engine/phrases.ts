// This file writes, once per server, the replies that depend on its options: building them per connection was 4 % of a new one's cost.
import type { SmtpServerOptions } from './contract.ts';
import { errorReply, renderReply } from './syntax/replies.ts';

export interface Phrases {
  readonly greeting: string;
  readonly helo: string;
  readonly tooLarge: string;
  readonly tooManyRecipients: string;
  /** The answer to EHLO, by what can be offered at that moment. */
  ehlo(offers: { readonly startTls: boolean; readonly auth: boolean }): string;
}

export function phrasesOf(options: Pick<SmtpServerOptions<never>, 'hostname' | 'limits' | 'dsn'>): Phrases {
  const { hostname, limits, dsn } = options;
  const ehlo = (...extra: string[]) => {
    const words = [
      hostname,
      'PIPELINING',
      `SIZE ${limits.sizeBytes}`,
      '8BITMIME',
      'SMTPUTF8',
      'CHUNKING',
      ...extra,
      ...(dsn ? ['DSN'] : []),
    ];
    return `250-${words.join('\r\n250-')}\r\n250 ENHANCEDSTATUSCODES\r\n`;
  };
  const plain = ehlo();
  const withTls = ehlo('STARTTLS');
  const withAuth = ehlo('AUTH PLAIN LOGIN');
  const withBoth = ehlo('STARTTLS', 'AUTH PLAIN LOGIN');
  return {
    greeting: `220 ${hostname} ESMTP Packetboat\r\n`,
    helo: `250 ${hostname}\r\n`,
    tooLarge: renderReply(errorReply('MAIL_TOO_LARGE', `The message is larger than ${limits.sizeBytes} bytes.`)),
    tooManyRecipients: renderReply(errorReply('MAIL_RECIPIENTS_TOO_MANY', `One message takes at most ${limits.recipients} recipients.`)),
    ehlo: ({ startTls, auth }) => (startTls ? (auth ? withBoth : withTls) : auth ? withAuth : plain),
  };
}
