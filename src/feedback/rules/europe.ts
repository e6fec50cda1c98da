// This file holds rules for single receivers: France, Germany, Russia, Ukraine.
import type { ReplyRule } from './rule.ts';

export const EUROPE_RULES: readonly ReplyRule[] = [
  // ── Orange, LaPoste, SFR: each answer ends in a code of the form OFR004_405 or LPN000_630 ─────────────────────────────────
  {
    id: 'orange-full',
    class: 'mailbox-full',
    words: [/boite du destinataire pleine|\b(ofr|lpn|sfr)\d{0,3}_417\b/],
    sample: '552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417',
  },
  {
    id: 'orange-unknown',
    class: 'invalid-recipient',
    words: [/destinataire invalide|\b(ofr|lpn|sfr)\d{0,3}_416\b/],
    sample: '550 5.5.0 Adresse destinataire invalide. Invalid recipient. LPN007_416',
  },
  {
    id: 'orange-archived',
    class: 'inactive-mailbox',
    words: [/boite du destinataire (archivee|bloquee|desactivee|inactive)|\b(ofr|lpn|sfr)\d{0,3}_42[0-9]\b/],
    sample: '550 5.5.0 Boite du destinataire est archivee. Archived recipient. LPN007_424',
  },
  {
    id: 'orange-sender',
    class: 'sender-rejected',
    words: [/emetteur invalide|\b(ofr|lpn|sfr)\d{0,3}_(405|515)\b/],
    sample: '501 5.1.0 Emetteur invalide. Invalid Sender. OFR004_405 [405]',
  },
  {
    id: 'orange-spf',
    class: 'auth-failure',
    words: [/\b(ofr|lpn|sfr)\d{0,3}_(401|517)\b|dmarc verification failed/],
    sample: '550 5.5.0 SPF: example.org is not allowed to send mail. LPN004_401',
  },
  {
    id: 'orange-auth',
    class: 'policy',
    words: [/authentification requise|code d.authentification invalide|\b(ofr|lpn|sfr)\d{0,3}_(402|305|630)\b/],
    sample: '550 5.5.0 Authentification requise. Authentication Required. LPN107_402',
  },
  {
    id: 'orange-connections',
    class: 'rate-limited',
    words: [/trop de connexions|too many connections, slow down|\b(ofr|lpn|sfr)\d{0,3}_(104|103|108)\b|\bsfr_in_\d0[35]\b/],
    sample: '421 mwinf5c01 ME Trop de connexions, veuillez verifier votre configuration. OFR005_104 [104]',
  },
  {
    id: 'orange-spam',
    class: 'spam-content',
    words: [/mail rejete|mail refus[ée]\b|\b(ofr|lpn|sfr)\d{0,3}_(506|109|110|513|514)\b/],
    sample: '550 5.7.1 Mail rejete. Mail rejected. OFR_506 [506]',
  },
  {
    id: 'orange-refused',
    class: 'ip-reputation',
    words: [/service refuse|ont ete bloques par nos services|\b(ofr|lpn|sfr)\d{0,3}_(999|997|425|102|503|510|512)\b|\bsfr_in_\d0[124]\b/],
    sample: '421 mwinf5c02 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR_999 [999]',
  },
  {
    id: 'orange-size',
    class: 'message-too-large',
    words: [/taille limite du message|\b(ofr|lpn|sfr)\d{0,3}_(518|413)\b/],
    sample: '552 5.3.4 Taille limite du message atteinte',
  },
  // ── United Internet: GMX, WEB.DE, mail.com, 1&1/IONOS: postmaster.gmx.net/en/error-messages ───────────────────────────────
  {
    id: 'gmx-ptr',
    class: 'ip-reputation',
    words: [/bad dns ptr resource record/],
    sample: '554-gmx.net (mxgmx001) Nemesis ESMTP Service not available. No SMTP service. Bad DNS PTR resource record.',
  },
  {
    // Of the domain in MAIL FROM, which could not be answered.
    id: 'gmx-sender-domain',
    class: 'sender-rejected',
    words: [/invalid dns mx or a\/aaaa resource record/],
    sample: '554 Transaction failed Invalid DNS MX or A/AAAA resource record',
  },
  {
    id: 'gmx-blocked',
    class: 'ip-reputation',
    words: [
      /nemesis esmtp service not available.{0,80}(ip address is (block|black)|no smtp service|reject)/,
      /ip address is (block|black) ?listed/,
    ],
    sample: '554-web.de (mxweb001) Nemesis ESMTP Service not available. No SMTP service. IP address is block listed.',
  },
  {
    id: 'gmx-busy',
    class: 'rate-limited',
    words: [
      /too many connections in short time|nemesis esmtp service not available.{0,40}try again later/,
      /transaction failed.{0,30}(too many (?!hops|received)|(?<!size )(?<!mailbox )(?<!storage )limit)/,
    ],
    sample: '421-gmx.net (mxgmx002) Nemesis ESMTP Service not available, closing connection. Try again later',
  },
  {
    id: 'gmx-policy',
    class: 'auth-failure',
    words: [/reject due to (spf|dkim|dmarc) policy|rejected due to dmarc/],
    sample: '554 Transaction failed Reject due to SPF policy.',
  },
  {
    id: 'gmx-explained',
    class: 'policy',
    words: [/mailbox unavailable .{0,20}for explanation visit/],
    sample:
      '550-Requested action not taken: mailbox unavailable\n550 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.1&c=hi',
  },
  {
    id: 'gmx-unavailable',
    class: 'policy',
    words: [/policy restrictions(?!.{0,120}(?:\bspam|virus|\bspf|dmarc|dkim))/],
    sample: '554 Transaction failed Reject due to policy restrictions. https://postmaster.gmx.net/en/error-messages',
  },
  // ── Strato: strato.de/faq/mail/fehlermeldungen-bei-e-mails: B-URL is a link, B-TEXT a phrase, B-EX an attachment ──────────────
  {
    id: 'strato-content',
    class: 'spam-content',
    words: [/(?<!sender rejected )\((?:strato )?b-(?:url|text?|ex)\)|complained about (?:the )?(?:included )?content/],
    sample: '550 5.7.1 Recipients have complained about included content (B-URL)',
  },
  // ── T-Online: postmaster.t-online.de ──────────────────────────────────────────────────────────────────────────────────────
  {
    id: 't-online-ip',
    class: 'ip-reputation',
    words: [/ip=\d[\d.]{6,14} - (a problem occurred|none\/bad reputation|dialup|this ip)/, /ask your postmaster for help or to contact/],
    sample: '554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster for help or to contact tosa@rx.t-online.de for reset. (NOWL)',
  },
  // ── Libero, Virgilio (Italiaonline): "Invalid Domain" is said of the sender's domain ──────────────────────────────────────
  {
    id: 'libero-domain',
    class: 'sender-rejected',
    words: [/invalid domain \[[\w.-]{3,60}/],
    sample: '550 Invalid Domain [smtp-41.iol.local; LIB_610]',
  },
  // ── Mail.ru, Yandex, i.ua ─────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'mailru-disabled',
    class: 'inactive-mailbox',
    words: [
      /local mailbox .{0,80}is unavailable: (?:the )?(?:account|user) is (?:disabled|blocked|terminated|deleted)/,
      /invalid mailbox\..{0,100}(?:account|user) is (?:disabled|blocked|terminated)/,
    ],
    sample: '550 Message was not accepted -- invalid mailbox. Local mailbox member@mail.ru is unavailable: account is disabled',
  },
  {
    id: 'mailru-full',
    class: 'mailbox-full',
    words: [/local mailbox .{0,80}is unavailable: (?:the )?(?:user|mailbox|account) is (?:over ?quota|full)/],
    sample: '550 Message was not accepted -- invalid mailbox. Local mailbox member@mail.ru is unavailable: user is overquota',
  },
  {
    id: 'mailru-unknown',
    class: 'invalid-recipient',
    words: [/invalid mailbox\.|local mailbox .{0,80}is unavailable: user not found/],
    sample: '550 Message was not accepted -- invalid mailbox. Local mailbox user@mail.ru is unavailable: user not found',
  },
  {
    id: 'mailru-spam',
    class: 'spam-content',
    words: [/help\.mail\.ru\/notspam|spam message (discarded\/)?rejected/],
    sample: '550 spam message rejected. Please visit http://help.mail.ru/notspam-support/id?c=A or report details to abuse@corp.mail.ru.',
  },
  { id: 'yandex-unknown', class: 'invalid-recipient', words: [/\bno such user!/], sample: '550 5.7.1 No such user!' },
  {
    id: 'yandex-greylist',
    class: 'greylist',
    code: /^451 4\.7\.1/,
    words: [/service is currently unavailable\. please come back later/],
    sample: '451 4.7.1 Sorry, the service is currently unavailable. Please come back later. 1700000000-GL1',
  },
  {
    id: 'yandex-spam',
    class: 'spam-content',
    words: [/message rejected under suspicion of spam|ya\.cc\/1iroc/],
    sample: '554 5.7.1 [1] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc',
  },
  {
    id: 'iua-frozen',
    class: 'inactive-mailbox',
    words: [/mailbox is frozen|mail\.i\.ua\/err\/(3|9)\b/],
    sample: '550 Mailbox is frozen. See http://mail.i.ua/err/3',
  },
  { id: 'iua-unknown', class: 'invalid-recipient', words: [/mail\.i\.ua\/err\/1\b/], sample: '550 see http://mail.i.ua/err/1/' },
];
