// This file holds the words for every mistake in a DNS record in German.
import type { MistakeWordList } from './word-list.ts';

export const GERMAN_MISTAKE_WORDS: MistakeWordList = {
  'not-published': {
    message: 'Unter {host} gibt es noch keinen {type}-Eintrag.',
    next: 'Legen Sie ihn an wie gezeigt. Wurde er eben erst angelegt, warten Sie einige Minuten und prüfen Sie noch einmal.',
  },
  'no-answer': {
    message: 'Die Nameserver von {host} antworten nicht: {detail}.',
    next: 'Noch nichts zu tun: Was vorher bekannt war, gilt weiter, und es wird wieder geprüft. Hält es an, fragen Sie, wer Ihr DNS betreut.',
  },
  'doubled-domain': {
    message: 'Der Eintrag steht unter {seenHost}: Die Domain wurde zweimal angehängt.',
    next: 'Ihr DNS-Anbieter hängt die Domain selbst an. Tragen Sie als Namen nur den Teil davor ein, damit der Eintrag unter {host} steht.',
  },
  'wrong-host': {
    message: 'Der Eintrag steht unter {seenHost}; er gehört unter {host}.',
    next: 'Legen Sie ihn unter dem richtigen Namen an und löschen Sie dann den unter {seenHost}.',
  },
  'wrong-type': {
    message: 'Unter {host} steht der richtige Wert in einem {detail}-Eintrag; er gehört in einen {type}-Eintrag.',
    next: 'Löschen Sie den {detail}-Eintrag und legen Sie einen {type}-Eintrag mit demselben Namen und Wert an.',
  },
  'wildcard-answers': {
    message:
      'Unter {host} gibt es noch keinen {type}-Eintrag. Was dort steht ({seen}), kommt von einem Platzhalter-Eintrag („*“), der für jeden Namen antwortet.',
    next: 'Legen Sie den Eintrag an wie gezeigt; er geht dem Platzhalter vor, der bleiben darf.',
  },
  'quotes-in-value': {
    message: 'Im Wert stehen Anführungszeichen: {seen}',
    next: 'Bearbeiten Sie den Eintrag und fügen Sie den Wert ohne die Anführungszeichen ein.',
  },
  'backslashes-in-value': {
    message: 'Im Wert stehen umgekehrte Schrägstriche: {seen}',
    next: 'Bearbeiten Sie den Eintrag und fügen Sie den Wert ohne sie ein; nur Zonendateien brauchen sie, Formulare nicht.',
  },
  'spaces-in-value': {
    message: 'Vor, hinter oder im Wert stehen Leerzeichen: „{seen}“',
    next: 'Bearbeiten Sie den Eintrag und fügen Sie den Wert ohne sie ein.',
  },
  'trailing-dot': {
    message: 'Am Ende des Wertes steht ein Punkt: {seen}',
    next: 'Bearbeiten Sie den Eintrag und nehmen Sie den Punkt weg.',
  },
  'letter-case': {
    message: 'Im Wert wurden große und kleine Buchstaben verändert: {seen}',
    next: 'Kopieren Sie den Wert genau wie gezeigt; manche DNS-Formulare verändern ihn beim Tippen.',
  },
  'other-value': {
    message: 'Unter {host} steht ein anderer Wert: {seen}',
    next: 'Ersetzen Sie ihn durch den gezeigten Wert; stehen dort mehrere {type}-Einträge, legen Sie diesen daneben an.',
  },
  'several-records': {
    message: 'Unter {host} stehen mehrere Einträge dieser Art; Empfänger können nicht wissen, welcher gilt.',
    next: 'Behalten Sie den hier gezeigten und löschen Sie die anderen.',
  },
  proxied: {
    message: 'Für {host} ist der Proxy eingeschaltet: Statt des Alias kommen die Adressen des Proxys.',
    next: 'Schalten Sie den Proxy für diesen Eintrag aus („Nur DNS“, die graue Wolke), damit der CNAME selbst sichtbar ist.',
  },
  'address-instead-of-alias': {
    message: 'Unter {host} steht eine Adresse ({seen}) statt des CNAME auf {value}.',
    next: 'Löschen Sie den Adress-Eintrag dieses Namens und legen Sie den CNAME an. Löst Ihr DNS-Anbieter Aliase selbst auf („Flattening“), schalten Sie das hier aus.',
  },
  'records-instead-of-alias': {
    message: 'Unter {host} steht ein {detail}-Eintrag ({seen}) statt des CNAME auf {value}.',
    next: 'Löschen Sie den {detail}-Eintrag und legen Sie dann den CNAME an: Neben ihm darf nichts stehen.',
  },
  'target-doubled': {
    message: 'Der CNAME unter {host} führt zu {seen}: An das Ziel wurde Ihre eigene Domain angehängt.',
    next: 'Beenden Sie das Ziel mit einem Punkt („{value}.“), oder wählen Sie beim DNS-Anbieter die Form, in der das Ziel ein voller Name ist.',
  },
  'other-target': {
    message: 'Der CNAME unter {host} führt zu {seen}; er soll zu {value} führen.',
    next: 'Ändern Sie das Ziel des CNAME.',
  },
  'alias-beside-records': {
    message: 'Neben dem CNAME unter {host} stehen andere Einträge: {detail}. Ein CNAME muss unter seinem Namen allein stehen.',
    next: 'Löschen Sie die anderen Einträge unter {host}; was sie taten, gehört unter einen anderen Namen.',
  },
  'alias-at-host': {
    message: 'Unter {host} steht ein CNAME auf {seen}; daneben kann kein {type}-Eintrag stehen.',
    next: 'Löschen Sie den CNAME und legen Sie dann den {type}-Eintrag an. Muss der CNAME bleiben, gehört der Eintrag unter {seen}.',
  },
  'key-cut': {
    message: 'Der DKIM-Schlüssel unter {host} ist abgeschnitten. {detail}',
    next: 'Kopieren Sie den ganzen Wert noch einmal. Erlaubt Ihr DNS-Anbieter nur 255 Zeichen je Stück, teilen Sie ihn in zwei Stücke eines Eintrags.',
  },
  'key-in-pieces': {
    message: 'Der DKIM-Schlüssel unter {host} wurde auf mehrere Einträge verteilt, in jedem ein Stück.',
    next: 'Löschen Sie alle und legen Sie einen Eintrag mit dem ganzen Wert an. Erlaubt Ihr DNS-Anbieter nur 255 Zeichen je Stück, gehören beide Stücke in einen Eintrag.',
  },
  'key-broken': {
    message: 'Der DKIM-Schlüssel unter {host} ist nicht brauchbar. {detail}',
    next: 'Löschen Sie den Wert und kopieren Sie den gezeigten noch einmal, ohne Leerzeichen oder Umbrüche im Schlüssel.',
  },
  'key-revoked': {
    message: 'Der DKIM-Schlüssel unter {host} ist leer („p=“); das heißt, er wurde zurückgenommen.',
    next: 'Ersetzen Sie den Wert durch den gezeigten.',
  },
  'key-other': {
    message: 'Unter {host} steht ein anderer DKIM-Schlüssel als unserer.',
    next: 'Ersetzen Sie den Wert durch den gezeigten. Wird der andere Schlüssel anderswo gebraucht, lassen Sie sich einen neuen Selektor geben.',
  },
  'key-not-there': {
    message: 'Der Alias unter {host} stimmt, aber an seinem Ende ({seen}) liegt kein Schlüssel.',
    next: 'Für Sie ist nichts zu tun: Die Plattform muss den Schlüssel dort veröffentlichen.',
  },
  'several-spf': {
    message: 'Unter {host} stehen mehrere SPF-Einträge; Empfänger werten das als Fehler.',
    next: 'Ersetzen Sie sie durch einen: {better}',
  },
  'spf-syntax': {
    message: 'Der SPF-Eintrag unter {host} hat einen Fehler: {detail}',
    next: 'Berichtigen Sie ihn, oder ersetzen Sie ihn durch: {better}',
  },
  'spf-lookups': {
    message: 'Der SPF-Eintrag unter {host} braucht {detail} Abfragen; Empfänger hören bei 10 auf und werten ihn dann als Fehler.',
    next: 'Entfernen Sie include: von Diensten, die Sie nicht mehr nutzen, oder schreiben Sie deren Adressen als ip4:, wo sie sich nie ändern.',
  },
  'spf-voids': {
    message: 'Der SPF-Eintrag unter {host} fragt nach {detail} Namen, die es nicht gibt; Empfänger erlauben 2.',
    next: 'Entfernen Sie include:, a: und mx: von Namen, die es nicht mehr gibt.',
  },
  'spf-include-broken': {
    message:
      'Der SPF-Eintrag unter {host} fragt nach {detail}, und dort steht kein brauchbarer SPF-Eintrag; Empfänger behandeln dann den ganzen als Fehler.',
    next: 'Ersetzen Sie den Eintrag durch: {better}',
  },
  'spf-open': {
    message: 'Der SPF-Eintrag unter {host} erlaubt dem ganzen Internet, in Ihrem Namen zu schreiben („+all“).',
    next: 'Ersetzen Sie ihn durch: {better}',
  },
  'spf-not-included': {
    message: 'Der SPF-Eintrag unter {host} nennt uns noch nicht: {seen}',
    next: 'Ersetzen Sie ihn durch: {better}',
  },
  'spf-after-all': {
    message: 'Im SPF-Eintrag unter {host} steht unser Teil hinter „all“, wo niemand mehr liest.',
    next: 'Ersetzen Sie ihn durch: {better}',
  },
  'several-dmarc': {
    message: 'Unter {host} stehen mehrere DMARC-Einträge; Empfänger benutzen dann keinen davon.',
    next: 'Behalten Sie einen und löschen Sie die anderen.',
  },
  'dmarc-syntax': {
    message: 'Der DMARC-Eintrag unter {host} zählt nicht: {detail}',
    next: 'Ersetzen Sie ihn durch den gezeigten Wert.',
  },
  'report-address-missing': {
    message: 'Der Eintrag unter {host} stimmt, aber die Berichte kommen nicht zu uns: {seen}',
    next: 'Ersetzen Sie ihn durch: {better}',
  },
  'record-syntax': {
    message: 'Der Eintrag unter {host} zählt nicht: {detail}',
    next: 'Ersetzen Sie ihn durch den gezeigten Wert.',
  },
  'other-exchangers': {
    message: 'Post für {host} geht an {seen}; sie soll an {value} gehen.',
    next: 'Ändern Sie den MX-Eintrag dieses Namens.',
  },
  'more-exchangers': {
    message: 'Post für {host} geht auch an {seen}; ein Teil erreicht uns deshalb nie.',
    next: 'Löschen Sie die anderen MX-Einträge dieses Namens.',
  },
};
