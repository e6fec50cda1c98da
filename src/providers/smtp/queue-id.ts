// This file finds the name a server gave a message it took ("250 … queued as 4XyZ"). Best effort: no RFC says where it stands.

/** Longer words are prose or an attack on the column that keeps them. */
const ID_MAX_CHARS = 200;

/** In the order of how sure they are. The comment names the server that speaks so. */
const FORMS: readonly RegExp[] = [
  /\bqueued as ["<]?([^\s">)]+)/i, // Postfix, SendGrid, Mandrill, hMailServer
  /\bid=<?([^\s>,;\]]+)/i, // Exim
  /\bmsg(?:_?id)?[:= ]<?([^\s>,;]+)/i, // OpenSMTPD's relatives: "msgid:…", "msg=…"
  /^\S+ (?:\d\.\d\.\d )?<([^\s<>]+@[^\s<>]+)>.*\bqueued mail/i, // Exchange: its answer begins with the Message-ID
  /\bqueued \(([^\s()]+)\)/i, // Haraka
  /\bqp (\d+)/i, // qmail
  /^\S+ (?:\d\.\d\.\d )?(\S+) message accepted for delivery/i, // Sendmail, OpenSMTPD
  /^\S+ (?:\d\.\d\.\d )?ok:?\s+(?:\d{9,} )?<?([^\s<>]*\d[^\s<>]*)>?/i, // SES, SparkPost, Gmail: "OK", perhaps a time, then a word with a digit
];

/** The provider's own id in the reply to the final dot, or null when it names none. */
export function queueId(reply: string): string | null {
  for (const form of FORMS) {
    const id = form.exec(reply)?.[1]?.replace(/[.,;]+$/, '');
    if (id !== undefined && id.length > 0 && id.length <= ID_MAX_CHARS) return id;
  }
  return null;
}
