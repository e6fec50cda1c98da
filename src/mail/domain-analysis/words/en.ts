// This file holds the words about reports in English.
import type { DomainWords } from './word-list.ts';

export const ENGLISH_DOMAIN_WORDS: DomainWords = {
  locale: 'en',
  passing: (kind, source) => {
    switch (kind) {
      case 'ours':
        return { why: `This desk handed it over; ${source} carried it. Receivers can prove that it is yours.`, next: '' };
      case 'provider':
        return { why: `${source} sends for you, and receivers can prove it.`, next: '' };
      case 'forwarder':
        return { why: `${source} passed mail of yours on to somebody. The signature held.`, next: '' };
      case 'unknown':
        return {
          why: `A server we do not know (${source}) sends with your consent: your DNS names it, or it signs with your key.`,
          next: 'Check that you know it; if not, take it out of your SPF record and change the key.',
        };
    }
  },
  tail: { why: 'Thousands of further sources with a few messages each.', next: '' },
  failing: (cause, kind, { source, domain }) => {
    const ours = kind === 'ours';
    switch (cause) {
      case 'forwarded':
        return {
          why: `${source} passed mail on (a forwarding address, a mailing list) and changed it on the way, so that its signature broke.`,
          next: 'Usually nothing: it is a small part, and most receivers know forwarders. Ask members who forward their mail to use the last address directly.',
        };
      case 'signature-broken':
        return {
          why: `${source} signs as ${domain}, but receivers cannot verify the signature: the key in DNS is missing, old or damaged, or the mail was changed after signing.`,
          next: ours
            ? `Check the DKIM record of ${domain}; "packetboat domains check ${domain}" says what is wrong with it.`
            : `Compare the DKIM record that ${source} asks for with the one in your DNS, and publish it again.`,
        };
      case 'signed-by-other':
        return {
          why: `${source} signs with a domain of its own instead of ${domain}, so nothing proves that the mail is yours.`,
          next: `If you use ${source}: set up your own domain there (DKIM) and publish the records it names. If you do not, it is somebody else.`,
        };
      case 'spf-not-listed':
        return {
          why: `The server (${source}) writes as ${domain}, but your SPF record does not name it, and the mail is not signed.`,
          next: 'Is it yours: a website, a scanner, an old mail server? Send its mail through this desk, or sign it. If you do not know it, somebody pretends to be you, and a stricter policy stops it.',
        };
      case 'other-envelope':
        return {
          why: `${source} sends under an envelope address of its own and does not sign as ${domain}.`,
          next: `If you use ${source}: switch on DKIM for your domain there. If you do not, it is somebody else.`,
        };
      case 'nothing':
        return {
          why: `Nothing proves that mail from ${source} is yours: no signature, no SPF.`,
          next: 'Is it yours: a scanner, a website, an office program? Send its mail through this desk. If you do not know it, somebody pretends to be you, and a stricter policy stops it.',
        };
    }
  },
  judged: {
    oursPassing: (source) => ({ why: `${source} is yours, as somebody said here, and receivers can prove it.`, next: '' }),
    oursNext: (cause, { source, domain }) => {
      switch (cause) {
        case 'forwarded':
          return 'Usually nothing: it is a small part. Let those who forward use the last address directly.';
        case 'signature-broken':
          return `Compare the DKIM record that ${source} asks for with the one in your DNS, and publish it again.`;
        case 'signed-by-other':
          return `Set up ${domain} at ${source} (DKIM), and publish the records it names.`;
        case 'spf-not-listed':
        case 'nothing':
          return `Send its mail through this desk, or let it sign as ${domain} (DKIM).`;
        case 'other-envelope':
          return `Switch on DKIM for ${domain} there, or send its mail through this desk.`;
      }
    },
    notOursFailing: (source) => ({
      why: `${source} writes in your name, and somebody said here that it is not yours. It does not count.`,
      next: 'Nothing: a stricter policy stops it.',
    }),
    notOursPassing: (passing, source) => ({
      why: `Somebody said here that ${source} is not yours, yet ${passing} of its messages pass: your DNS names it, or it has a key of yours.`,
      next: 'No policy stops that. Take it out of your SPF record, and change the key it signs with.',
    }),
    bearsOurMarks: (source) => `Somebody said here that ${source} is not yours, but it carries mail of this desk, so it counts.`,
    unseen: { why: 'Nothing was reported from it in these days.', next: '' },
  },
  blocker: (code, { source, messages, daysMin, messagesMin }) => {
    switch (code) {
      case 'no-reports':
        return {
          why: 'No reports came in the last 30 days.',
          next: 'Publish the DMARC record with the reporting address; first reports come within two days.',
        };
      case 'few-days':
        return { why: `Reports cover fewer than ${daysMin} of the last 30 days.`, next: 'Wait until more days are covered.' };
      case 'few-messages':
        return {
          why: `Only ${messages} messages count so far; ${messagesMin} are needed to show anything.`,
          next: 'Wait until more mail was reported, after the next mailing for example.',
        };
      case 'too-soon':
        return { why: `The policy is younger than ${daysMin} days.`, next: 'Wait, and see whether anybody misses mail.' };
      case 'own-mail-fails':
        return {
          why: `${messages} messages of this desk (${source}) failed.`,
          next: 'Mend the records of the domain first: its page names what is wrong.',
        };
      case 'judged-ours-fails':
        return {
          why: `${messages} messages from ${source} failed, and somebody said here that it is yours; a stricter policy would lose them.`,
          next: 'Send its mail through this desk, or let it sign with your domain; the table of sources says what is missing.',
        };
      case 'provider-fails':
        return { why: `${messages} messages through ${source} failed.`, next: `Set up your domain at ${source} (DKIM), or stop using it.` };
      case 'unknown-steady':
        return {
          why: `${messages} messages from ${source} failed, day after day from the same place: it looks like a server or device of yours.`,
          next: 'Find out what it is, and say at the source whether it is yours. If it is, send its mail through this desk; if not, it does not count.',
        };
      case 'forwarding-suffers':
        return {
          why: `${messages} messages that ${source} passed on failed; a stricter policy would lose them.`,
          next: 'Ask those who forward to keep the mail unchanged, or wait until it is less.',
        };
    }
  },
  evidence: ({ days, messages, share, rest, sources, strangers, notOurs }) =>
    [
      `${days} days, ${messages} messages, ${share} aligned${sources.length === 0 ? '; nothing else came.' : `; the other ${rest}: ${sources.join(', ')}.`}`,
      strangers === null ? '' : `${strangers} of them look like strangers who write in your name; the step stops them.`,
      notOurs === null
        ? ''
        : `${notOurs.messages} more are from ${notOurs.sources === 1 ? 'a source' : `${notOurs.written} sources`} you marked as not yours${
            notOurs.passing === null ? '.' : `; ${notOurs.passing} of those pass all the same, and no policy stops them.`
          }`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  tls: (result) => {
    switch (result) {
      case 'starttls-not-supported':
        return { why: 'Your mail server offered no encryption.', next: 'Switch STARTTLS on at the mail server that the report names.' };
      case 'certificate-host-mismatch':
        return {
          why: 'The certificate of your mail server is for another name.',
          next: 'Get a certificate that holds the name in your MX record.',
        };
      case 'certificate-expired':
        return { why: 'The certificate of your mail server has run out.', next: 'Renew it, and have it renewed by itself from now on.' };
      case 'certificate-not-trusted':
        return {
          why: 'The certificate of your mail server is not from an authority that senders trust.',
          next: 'Use one of a public authority, with its whole chain.',
        };
      case 'tlsa-invalid':
      case 'dane-required':
        return {
          why: 'The TLSA record (DANE) does not fit the certificate.',
          next: 'Publish the TLSA record of the certificate in use, before you change certificates.',
        };
      case 'dnssec-invalid':
        return { why: 'The DNSSEC signatures of your DNS cannot be verified.', next: 'Ask whoever runs your DNS to sign the zone again.' };
      case 'sts-policy-fetch-error':
        return {
          why: 'The MTA-STS policy could not be fetched.',
          next: 'Check that https://mta-sts.<domain>/.well-known/mta-sts.txt answers, without redirects.',
        };
      case 'sts-policy-invalid':
        return { why: 'The MTA-STS policy cannot be read.', next: 'Write it as RFC 8461 has it: version, mode, mx, max_age.' };
      case 'sts-webpki-invalid':
        return {
          why: 'The web server of the MTA-STS policy has no valid certificate.',
          next: 'Give mta-sts.<domain> a valid certificate.',
        };
      case 'validation-failure':
        return {
          why: 'The connection could not be verified; the sender does not say why.',
          next: 'Look at the certificate and the records of the mail server that the report names.',
        };
      case 'other':
        return { why: 'A sender could not encrypt; it uses a word of its own for it.', next: 'Look at the report.' };
    }
  },
  digest: {
    subject: (domain, week) => `Mail in the name of ${domain}: week of ${week}`,
    greeting: (organisation) => `This is what receivers reported last week about mail in the name of ${organisation}.`,
    numbers: (domain, messages, share) => `${domain}: ${messages} messages, ${share} proven to be yours.`,
    before: (share) => `The week before it was ${share}.`,
    notOurs: (messages, sources, written) =>
      `${messages} more are from ${sources === 1 ? 'a source' : `${written} sources`} you marked as not yours; they are not counted here.`,
    failures: 'Not proven:',
    failure: (messages, source) => `${messages} messages from ${source}:`,
    step: 'Next safe step:',
    forged: (count) => `${count} reports did not prove where they come from; they were not counted.`,
    tls: (failed, sessions) => `${failed} of ${sessions} connections to your mail servers could not be encrypted.`,
    end: 'You get this mail once a week, and only when there was something to tell. The page of the domain shows more; there you can also end it.',
  },
};
