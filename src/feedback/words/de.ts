// This file holds the words for every class in German.
import type { ClassWordList } from './word-list.ts';

export const GERMAN_CLASS_WORDS: ClassWordList = {
  'invalid-recipient': {
    volunteer: 'Dieses Postfach gibt es nicht. Oft steckt ein Tippfehler in der Adresse, oder die Person hat inzwischen eine andere.',
    developer:
      'Der empfangende Server kennt kein solches Postfach (5.1.1 und Verwandte). Eine endgültige Antwort sperrt die Adresse für diese Organisation.',
    next: 'Fragen Sie die Person nach ihrer heutigen Adresse, am Telefon oder beim nächsten Treffen.',
  },
  'inactive-mailbox': {
    volunteer: 'Das Postfach gibt es, aber es ist stillgelegt oder wurde lange nicht benutzt.',
    developer:
      'Das Postfach ist abgeschaltet, gesperrt oder steht beim Anbieter auf einer Liste, die Post dorthin anhält (5.2.1). Eine endgültige Antwort sperrt die Adresse.',
    next: 'Fragen Sie die Person nach einer anderen Adresse, oder bitten Sie sie, sich dort wieder anzumelden.',
  },
  'mailbox-full': {
    volunteer: 'Das Postfach ist voll. Die Person muss erst etwas löschen, bevor Neues hineinpasst.',
    developer:
      'Das Postfach ist über seinem Kontingent (x.2.2). Es wird weiter versucht, solange die Nachricht lebt; erst wochenlang volle Postfächer werden gesperrt.',
    next: 'Warten Sie, bis wieder Platz ist, oder erreichen Sie die Person auf anderem Weg.',
  },
  'bad-domain': {
    volunteer: 'Den Teil hinter dem @ gibt es nicht. Meist ist es ein Tippfehler.',
    developer: 'Die Domain der Adresse hat im DNS keinen Namen oder keinen Mailserver (5.1.2, 5.4.4).',
    next: 'Vergleichen Sie den Teil hinter dem @ mit den Angaben der Person und berichtigen Sie die Adresse.',
  },
  'domain-not-accepting': {
    volunteer: 'Den Teil hinter dem @ gibt es, aber er nimmt überhaupt keine E-Mail an.',
    developer: 'Die Domain erklärt, dass sie keine Post annimmt: Null-MX (RFC 7505), 521 oder 556 (RFC 7504).',
    next: 'Fragen Sie die Person nach einer Adresse bei einem anderen Anbieter.',
  },
  greylist: {
    volunteer: 'Der andere Server bat uns, in einigen Minuten wiederzukommen. Das macht er bei Absendern, die er noch nicht kennt.',
    developer:
      'Greylisting: eine vorläufige Antwort auf Absender, Adresse und IP, die zum ersten Mal kommen. Derselbe Weg wird wieder versucht.',
    next: 'Nichts zu tun: Es wird von selbst wieder versucht.',
    ended: {
      volunteer: 'Der andere Server bat uns, später wiederzukommen, und nahm die Nachricht am Ende nicht an.',
      next: 'Senden Sie die Nachricht noch einmal: Beim zweiten Mal nehmen solche Server sie meist an.',
    },
  },
  network: {
    volunteer: 'Der andere Server war nicht erreichbar. Das gibt sich meist nach einigen Stunden.',
    developer: 'Keine Verbindung, eine abgerissene Verbindung, eine Schleife oder DNS ohne Antwort (x.4.x).',
    next: 'Nichts zu tun: Es wird von selbst wieder versucht. Dauert es Tage, fragen Sie die Person, ob ihre Post funktioniert.',
    ended: {
      volunteer: 'Der andere Server war nicht erreichbar, und die Nachricht kam zurück.',
      next: 'Senden Sie die Nachricht später noch einmal, oder fragen Sie die Person, ob ihre Post funktioniert.',
    },
  },
  expired: {
    volunteer: 'Es wurde lange versucht, und der andere Server hat die Nachricht nie angenommen.',
    developer:
      'Die Frist in einer Warteschlange lief ab (4.4.7). Die letzte echte Antwort steht, wenn es eine gab, in den Worten der Gegenstelle.',
    next: 'Senden Sie die Nachricht später noch einmal, oder fragen Sie die Person, ob ihre Post funktioniert.',
  },
  system: {
    volunteer: 'Der andere Server hat selbst eine Störung. Es liegt nicht an dieser Adresse und nicht an Ihnen.',
    developer: 'Eine Störung des empfangenden Systems: Platte voll, Datenbank weg, Zustellprogramm gescheitert (x.3.x, 421, 451).',
    next: 'Nichts zu tun: Es wird von selbst wieder versucht.',
    ended: {
      volunteer:
        'Der andere Server hat selbst eine Störung und nahm die Nachricht nicht an. Es liegt nicht an dieser Adresse und nicht an Ihnen.',
      next: 'Senden Sie die Nachricht später noch einmal; kommt sie wieder zurück, erreichen Sie die Person auf anderem Weg.',
    },
  },
  protocol: {
    volunteer: 'Die beiden Server haben einander nicht verstanden.',
    developer: 'Ein Fehler in Form oder Reihenfolge von SMTP, oder einer Seite fehlt eine Erweiterung (50x, x.5.x).',
    next: 'Der Betreiber sieht sich das Gespräch auf der Seite der Nachricht an.',
  },
  tls: {
    volunteer: 'Die beiden Server konnten sich auf keine verschlüsselte Leitung einigen; darum wurde die Nachricht nicht übergeben.',
    developer: 'STARTTLS wird verlangt und scheiterte, oder Zertifikat, MTA-STS-Regel oder DANE-Eintrag passten nicht (x.7.10, x.7.32x).',
    next: 'Der Betreiber prüft die Verschlüsselung des Weges; vielleicht muss die Gegenstelle ein Zertifikat erneuern.',
  },
  'relay-denied': {
    volunteer: 'Der Server, der geantwortet hat, ist für diese Domain nicht zuständig.',
    developer:
      'Der empfangende Server leitet nicht weiter: Der MX-Eintrag zeigt auf einen Server, der die Domain nicht kennt, oder der Weg verlangt eine Anmeldung.',
    next: 'Suchen Sie einen Tippfehler hinter dem @; sonst muss die Gegenstelle ihre Einstellungen berichtigen.',
  },
  'spam-content': {
    volunteer: 'Der Empfänger hielt die Nachricht für unerwünschte Werbung. Die Adresse ist in Ordnung.',
    developer: 'Ein Inhaltsfilter gab eine schlechte Note oder fand einen gelisteten Link. Der Adresse wird nichts angelastet.',
    next: 'Ändern Sie Betreff, Wortlaut und Links, bevor sie noch einmal hinausgeht.',
  },
  content: {
    volunteer: 'Dem Empfänger gefiel nicht, wie die Nachricht gebaut ist. Die Adresse ist in Ordnung.',
    developer: 'Fehlerhafte oder doppelte Kopfzeilen, zu lange Zeilen, ein verbotener Anhang (x.6.x).',
    next: 'Lassen Sie ungewöhnliche Anhänge weg; bleibt es dabei, sieht der Betreiber nach, wie die Nachricht gebaut wurde.',
  },
  virus: {
    volunteer: 'Der Empfänger fand etwas Gefährliches in der Nachricht. Die Adresse ist in Ordnung.',
    developer: 'Ein Scanner für Schadprogramme oder Phishing wies die Nachricht oder einen Link darin ab.',
    next: 'Entfernen Sie den Anhang oder Link, und prüfen Sie den Rechner, von dem er kam.',
  },
  'message-too-large': {
    volunteer: 'Die Nachricht ist größer, als der Empfänger erlaubt.',
    developer: 'Über der SIZE des empfangenden Servers oder des Postfachs (552, x.2.3, x.3.4).',
    next: 'Stellen Sie den Anhang ins Netz und senden Sie stattdessen einen Link.',
  },
  'ip-reputation': {
    volunteer: 'Der Empfänger weist den Rechner ab, von dem unsere Post kam. Die Adresse ist in Ordnung, und Sie trifft keine Schuld.',
    developer:
      'Die sendende IP-Adresse ist gelistet, hat einen schlechten Ruf oder kein Reverse-DNS. Das ist Sache der sendenden Seite und sperrt keine Adresse.',
    next: 'Für Sie nichts zu tun: Die Nachricht nimmt einen anderen Weg, wo es einen gibt, und der Betreiber sieht es.',
    ended: {
      next: 'Kein anderer Weg nahm diese Nachricht an. Der Betreiber behebt, was an uns liegt; senden Sie sie danach noch einmal.',
    },
  },
  'auth-failure': {
    volunteer: 'Der Empfänger konnte nicht prüfen, ob die Post wirklich von Ihrer Organisation kommt. Die Adresse ist in Ordnung.',
    developer: 'SPF, DKIM oder DMARC scheiterten für die Absenderdomain (5.7.20 bis 5.7.27, 5.7.509, 5.7.515).',
    next: 'Vervollständigen Sie die DNS-Einträge Ihrer Absenderdomain; ihre Seite zeigt, welche fehlen.',
  },
  'rate-limited': {
    volunteer: 'Der Empfänger möchte unsere Post langsamer. Sie kommt trotzdem an, nur später.',
    developer:
      'Zu viele Verbindungen, Nachrichten oder Empfänger in einer Zeit (421, 4.5.3, 4.7.28). Die Spur wird langsamer und versucht es wieder.',
    next: 'Nichts zu tun: Das Tempo wird gesenkt, und es wird von selbst wieder versucht.',
    ended: {
      volunteer: 'Der Empfänger wollte unsere Post langsamer und nahm diese Nachricht am Ende nicht an. Die Adresse ist in Ordnung.',
      next: 'Senden Sie die Nachricht später noch einmal; um das Tempo kümmert sich der Betreiber.',
    },
  },
  policy: {
    volunteer: 'Eine Regel des Empfängers wies die Nachricht ab. Die Adresse ist in Ordnung.',
    developer:
      'Eine Hausregel, eine Sicherheitsregel oder eine verlangte Anmeldung (x.7.x), ohne ein Wort, wen sie meint. Der Adresse wird nichts angelastet.',
    next: 'Lesen Sie die Worte des Empfängers; der Betreiber kann dort fragen, was die Regel verlangt.',
  },
  'sender-rejected': {
    volunteer: 'Der Empfänger nimmt die Adresse nicht an, von der geschrieben wurde. Die Adresse, an die es ging, ist in Ordnung.',
    developer:
      'Der Umschlagabsender, die Adresse in From oder deren Domain wurde abgewiesen (5.1.7, 5.1.8), oder eine Rückfrage dort scheiterte.',
    next: 'Prüfen Sie die Absenderadresse: Ihre Domain muss es geben, und sie muss Post annehmen.',
  },
  'recipient-filtered': {
    volunteer: 'Ein Filter des Empfängers oder seiner Organisation wies die Nachricht ab.',
    developer:
      'Ein Filter auf der Seite des Empfängers wies ab, oft erst nach DATA und mit Worten wie bei einem unbekannten Benutzer. Zu wenig, um die Adresse zu sperren.',
    next: 'Bitten Sie die Person, Ihre Adresse in ihren Einstellungen zu erlauben.',
  },
  operator: {
    volunteer: 'Unser eigenes Konto beim Anbieter wies die Nachricht ab. Die Adresse ist in Ordnung, und Sie trifft keine Schuld.',
    developer:
      'Das Konto beim Anbieter ist über seinem Kontingent, gesperrt oder falsch eingerichtet. Es zählt nie in der Statistik einer Organisation.',
    next: 'Für Sie nichts zu tun: Der Betreiber sieht nach dem Konto beim Anbieter.',
  },
  complaint: {
    volunteer:
      'Die Person hat auf den Knopf für unerwünschte Post gedrückt. Oft ist das ein Versehen oder der schnellste Weg, sich abzumelden.',
    developer:
      'Eine Rückmeldeschleife meldete eine Beschwerde (RFC 5965). Rundschreiben an die Adresse enden sofort; einzelne Nachrichten gehen weiter hinaus.',
    next: 'Achten Sie den Wunsch. War es ein Versehen, kann die Person bitten, ihr wieder zu schreiben.',
  },
  'auto-reply': {
    volunteer: 'Eine automatische Antwort kam zurück, etwa eine Abwesenheitsnotiz. Die Nachricht ist angekommen.',
    developer:
      'Eine Abwesenheitsnotiz oder eine Rückfrage an den Absender (RFC 3834): Sie sagt nichts über die Zustellung und ändert keinen Zustand.',
    next: 'Nichts zu tun. Eine Rückfrage bittet den Absender, sich einmal zu bestätigen; das muss ein Mensch tun.',
  },
  delivered: {
    volunteer: 'Die Nachricht ist beim Anbieter des Empfängers angekommen.',
    developer: 'Der empfangende Server oder eine Statusmail hat die Zustellung bestätigt.',
    next: 'Nichts zu tun.',
  },
  unclassified: {
    volunteer: 'Der andere Server sagte zu wenig, um zu erkennen, was geschehen ist.',
    developer:
      'Keine Regel und kein Code hat entschieden. Die Worte der Gegenstelle sind aufgehoben; ein Betreiber kann eine Regel dafür anlegen.',
    next: 'Warten Sie die nächste Antwort ab; wegen dieser wird nichts gesperrt.',
  },
};
