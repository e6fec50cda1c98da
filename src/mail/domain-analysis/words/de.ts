// This file holds the words about reports in German.
import type { DomainWords } from './word-list.ts';

export const GERMAN_DOMAIN_WORDS: DomainWords = {
  locale: 'de',
  passing: (kind, source) => {
    switch (kind) {
      case 'ours':
        return {
          why: `Dieses Postamt hat es übergeben, ${source} hat es getragen. Empfänger können prüfen, dass es von Ihnen ist.`,
          next: '',
        };
      case 'provider':
        return { why: `${source} sendet für Sie, und Empfänger können es prüfen.`, next: '' };
      case 'forwarder':
        return { why: `${source} hat Post von Ihnen an jemanden weitergeleitet. Die Signatur hielt.`, next: '' };
      case 'unknown':
        return {
          why: `Ein Server, den wir nicht kennen (${source}), sendet mit Ihrer Erlaubnis: Ihr DNS nennt ihn, oder er signiert mit Ihrem Schlüssel.`,
          next: 'Prüfen Sie, ob Sie ihn kennen; wenn nicht, nehmen Sie ihn aus dem SPF-Eintrag und tauschen Sie den Schlüssel.',
        };
    }
  },
  tail: { why: 'Tausende weitere Quellen mit jeweils wenigen Nachrichten.', next: '' },
  failing: (cause, kind, { source, domain }) => {
    const ours = kind === 'ours';
    switch (cause) {
      case 'forwarded':
        return {
          why: `${source} hat Post weitergeleitet (eine Weiterleitung, eine Mailingliste) und unterwegs verändert, sodass die Signatur brach.`,
          next: 'Meist nichts: Es ist ein kleiner Teil, und die meisten Empfänger kennen Weiterleitungen. Bitten Sie Mitglieder, die weiterleiten, um die Adresse, an der sie lesen.',
        };
      case 'signature-broken':
        return {
          why: `${source} signiert als ${domain}, aber Empfänger können die Signatur nicht prüfen: Der Schlüssel im DNS fehlt, ist alt oder beschädigt, oder die Post wurde danach verändert.`,
          next: ours
            ? `Prüfen Sie den DKIM-Eintrag von ${domain}; „packetboat domains check ${domain}“ sagt, was daran falsch ist.`
            : `Vergleichen Sie den DKIM-Eintrag, den ${source} verlangt, mit dem in Ihrem DNS, und veröffentlichen Sie ihn neu.`,
        };
      case 'signed-by-other':
        return {
          why: `${source} signiert mit einer eigenen Domain statt mit ${domain}; nichts zeigt, dass die Post von Ihnen ist.`,
          next: `Wenn Sie ${source} benutzen: Richten Sie dort Ihre eigene Domain ein (DKIM) und veröffentlichen Sie die genannten Einträge. Wenn nicht, ist es jemand anderes.`,
        };
      case 'spf-not-listed':
        return {
          why: `Der Server (${source}) schreibt als ${domain}, aber Ihr SPF-Eintrag nennt ihn nicht, und die Post ist nicht signiert.`,
          next: 'Gehört er Ihnen: eine Website, ein Scanner, ein alter Mailserver? Senden Sie dessen Post über dieses Postamt, oder signieren Sie sie. Kennen Sie ihn nicht, gibt sich jemand für Sie aus, und eine strengere Richtlinie hält es auf.',
        };
      case 'other-envelope':
        return {
          why: `${source} sendet unter einer eigenen Umschlagadresse und signiert nicht als ${domain}.`,
          next: `Wenn Sie ${source} benutzen: Schalten Sie dort DKIM für Ihre Domain ein. Wenn nicht, ist es jemand anderes.`,
        };
      case 'nothing':
        return {
          why: `Nichts zeigt, dass Post von ${source} von Ihnen ist: keine Signatur, kein SPF.`,
          next: 'Gehört es Ihnen: ein Scanner, eine Website, ein Büroprogramm? Senden Sie diese Post über dieses Postamt. Kennen Sie es nicht, gibt sich jemand für Sie aus, und eine strengere Richtlinie hält es auf.',
        };
    }
  },
  judged: {
    oursPassing: (source) => ({ why: `${source} gehört Ihnen, so wurde es hier gesagt, und Empfänger können es prüfen.`, next: '' }),
    oursNext: (cause, { source, domain }) => {
      switch (cause) {
        case 'forwarded':
          return 'Meist nichts: Es ist ein kleiner Teil. Lassen Sie, wer weiterleitet, die Adresse angeben, an der er liest.';
        case 'signature-broken':
          return `Vergleichen Sie den DKIM-Eintrag, den ${source} verlangt, mit dem in Ihrem DNS, und veröffentlichen Sie ihn neu.`;
        case 'signed-by-other':
          return `Richten Sie ${domain} bei ${source} ein (DKIM), und veröffentlichen Sie die genannten Einträge.`;
        case 'spf-not-listed':
        case 'nothing':
          return `Senden Sie diese Post über dieses Postamt, oder lassen Sie sie als ${domain} signieren (DKIM).`;
        case 'other-envelope':
          return `Schalten Sie dort DKIM für ${domain} ein, oder senden Sie diese Post über dieses Postamt.`;
      }
    },
    notOursFailing: (source) => ({
      why: `${source} schreibt in Ihrem Namen, und hier wurde gesagt, dass es nicht von Ihnen ist. Es zählt nicht.`,
      next: 'Nichts: Eine strengere Richtlinie hält es auf.',
    }),
    notOursPassing: (passing, source) => ({
      why: `Hier wurde gesagt, dass ${source} nicht zu Ihnen gehört, doch ${passing} der Nachrichten bestehen: Ihr DNS nennt es, oder es hat einen Schlüssel von Ihnen.`,
      next: 'Das hält keine Richtlinie auf. Nehmen Sie es aus dem SPF-Eintrag, und tauschen Sie den Schlüssel, mit dem es signiert.',
    }),
    bearsOurMarks: (source) =>
      `Hier wurde gesagt, dass ${source} nicht zu Ihnen gehört, doch es trägt Post dieses Postamts; darum zählt es.`,
    unseen: { why: 'In diesen Tagen wurde nichts davon berichtet.', next: '' },
  },
  blocker: (code, { source, messages, daysMin, messagesMin }) => {
    switch (code) {
      case 'no-reports':
        return {
          why: 'In den letzten 30 Tagen kamen keine Berichte.',
          next: 'Veröffentlichen Sie den DMARC-Eintrag mit der Berichtsadresse; die ersten Berichte kommen binnen zwei Tagen.',
        };
      case 'few-days':
        return {
          why: `Berichte gibt es für weniger als ${daysMin} der letzten 30 Tage.`,
          next: 'Warten Sie, bis mehr Tage abgedeckt sind.',
        };
      case 'few-messages':
        return {
          why: `Nur ${messages} Nachrichten zählen bisher; ${messagesMin} braucht es, um etwas zu zeigen.`,
          next: 'Warten Sie, bis mehr Post berichtet wurde, etwa nach dem nächsten Rundschreiben.',
        };
      case 'too-soon':
        return { why: `Die Richtlinie ist jünger als ${daysMin} Tage.`, next: 'Warten Sie ab, ob jemand Post vermisst.' };
      case 'own-mail-fails':
        return {
          why: `${messages} Nachrichten dieses Postamts (${source}) sind durchgefallen.`,
          next: 'Bringen Sie zuerst die Einträge der Domain in Ordnung: Ihre Seite nennt, was falsch ist.',
        };
      case 'judged-ours-fails':
        return {
          why: `${messages} Nachrichten von ${source} sind durchgefallen, und hier wurde gesagt, dass es Ihnen gehört; eine strengere Richtlinie würde sie verlieren.`,
          next: 'Senden Sie diese Post über dieses Postamt, oder lassen Sie sie mit Ihrer Domain signieren; die Tabelle der Quellen sagt, was fehlt.',
        };
      case 'provider-fails':
        return {
          why: `${messages} Nachrichten über ${source} sind durchgefallen.`,
          next: `Richten Sie Ihre Domain bei ${source} ein (DKIM), oder benutzen Sie es nicht mehr.`,
        };
      case 'unknown-steady':
        return {
          why: `${messages} Nachrichten von ${source} sind durchgefallen, Tag für Tag vom selben Ort: Es sieht nach einem Server oder Gerät von Ihnen aus.`,
          next: 'Finden Sie heraus, was es ist, und sagen Sie bei der Quelle, ob sie Ihnen gehört. Wenn ja, senden Sie ihre Post über dieses Postamt; wenn nicht, zählt sie nicht.',
        };
      case 'forwarding-suffers':
        return {
          why: `${messages} Nachrichten, die ${source} weitergeleitet hat, sind durchgefallen; eine strengere Richtlinie würde sie verlieren.`,
          next: 'Bitten Sie, unverändert weiterzuleiten, oder warten Sie, bis es weniger ist.',
        };
    }
  },
  evidence: ({ days, messages, share, rest, sources, strangers, notOurs }) =>
    [
      `${days} Tage, ${messages} Nachrichten, ${share} nachgewiesen${sources.length === 0 ? '; sonst kam nichts.' : `; die übrigen ${rest}: ${sources.join(', ')}.`}`,
      strangers === null ? '' : `${strangers} davon sehen nach Fremden aus, die in Ihrem Namen schreiben; der Schritt hält sie auf.`,
      notOurs === null
        ? ''
        : `${notOurs.messages} weitere kamen von ${notOurs.sources === 1 ? 'einer Quelle' : `${notOurs.written} Quellen`}, die Sie als fremd bezeichnet haben${
            notOurs.passing === null ? '.' : `; ${notOurs.passing} davon bestehen trotzdem, und keine Richtlinie hält sie auf.`
          }`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  tls: (result) => {
    switch (result) {
      case 'starttls-not-supported':
        return {
          why: 'Ihr Mailserver bot keine Verschlüsselung an.',
          next: 'Schalten Sie STARTTLS an dem Mailserver ein, den der Bericht nennt.',
        };
      case 'certificate-host-mismatch':
        return {
          why: 'Das Zertifikat Ihres Mailservers lautet auf einen anderen Namen.',
          next: 'Besorgen Sie eines mit dem Namen aus Ihrem MX-Eintrag.',
        };
      case 'certificate-expired':
        return {
          why: 'Das Zertifikat Ihres Mailservers ist abgelaufen.',
          next: 'Erneuern Sie es, und lassen Sie es künftig von selbst erneuern.',
        };
      case 'certificate-not-trusted':
        return {
          why: 'Das Zertifikat Ihres Mailservers stammt von keiner Stelle, der Absender vertrauen.',
          next: 'Nehmen Sie eines einer öffentlichen Stelle, mit der ganzen Kette.',
        };
      case 'tlsa-invalid':
      case 'dane-required':
        return {
          why: 'Der TLSA-Eintrag (DANE) passt nicht zum Zertifikat.',
          next: 'Veröffentlichen Sie den TLSA-Eintrag des benutzten Zertifikats, bevor Sie Zertifikate wechseln.',
        };
      case 'dnssec-invalid':
        return {
          why: 'Die DNSSEC-Signaturen Ihres DNS lassen sich nicht prüfen.',
          next: 'Bitten Sie, wer Ihr DNS betreibt, die Zone neu zu signieren.',
        };
      case 'sts-policy-fetch-error':
        return {
          why: 'Die MTA-STS-Richtlinie war nicht abrufbar.',
          next: 'Prüfen Sie, ob https://mta-sts.<Domain>/.well-known/mta-sts.txt ohne Umleitung antwortet.',
        };
      case 'sts-policy-invalid':
        return { why: 'Die MTA-STS-Richtlinie ist nicht lesbar.', next: 'Schreiben Sie sie wie in RFC 8461: version, mode, mx, max_age.' };
      case 'sts-webpki-invalid':
        return {
          why: 'Der Webserver der MTA-STS-Richtlinie hat kein gültiges Zertifikat.',
          next: 'Geben Sie mta-sts.<Domain> ein gültiges Zertifikat.',
        };
      case 'validation-failure':
        return {
          why: 'Die Verbindung ließ sich nicht prüfen; der Absender sagt nicht, warum.',
          next: 'Sehen Sie Zertifikat und Einträge des Mailservers an, den der Bericht nennt.',
        };
      case 'other':
        return { why: 'Ein Absender konnte nicht verschlüsseln; er hat ein eigenes Wort dafür.', next: 'Sehen Sie sich den Bericht an.' };
    }
  },
  digest: {
    subject: (domain, week) => `Post im Namen von ${domain}: Woche vom ${week}`,
    greeting: (organisation) => `Das berichteten Empfänger letzte Woche über Post im Namen von ${organisation}.`,
    numbers: (domain, messages, share) => `${domain}: ${messages} Nachrichten, ${share} nachweislich von Ihnen.`,
    before: (share) => `In der Woche davor waren es ${share}.`,
    notOurs: (messages, sources, written) =>
      `${messages} weitere kamen von ${sources === 1 ? 'einer Quelle' : `${written} Quellen`}, die Sie als fremd bezeichnet haben; sie sind hier nicht mitgezählt.`,
    failures: 'Nicht nachgewiesen:',
    failure: (messages, source) => `${messages} Nachrichten von ${source}:`,
    step: 'Nächster sicherer Schritt:',
    forged: (count) => `${count} Berichte wiesen nicht nach, woher sie kommen; sie wurden nicht gezählt.`,
    tls: (failed, sessions) => `${failed} von ${sessions} Verbindungen zu Ihren Mailservern waren nicht verschlüsselbar.`,
    end: 'Diese Mail kommt einmal in der Woche, und nur wenn es etwas zu sagen gab. Die Seite der Domain zeigt mehr; dort lässt sie sich auch beenden.',
  },
};
