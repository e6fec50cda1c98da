// This file holds what servers say in other languages than English. Texts come in lower case; accents are written both ways, as notices lose them on the way.
import type { ReplyRule } from './rule.ts';

export const LANGUAGE_RULES: readonly ReplyRule[] = [
  {
    id: 'full-in-other-languages',
    class: 'mailbox-full',
    words: [
      /(?:postfach|mailbox|posteingang|speicherplatz).{0,40}(?:voll|überfüllt|ueberfuellt|erschöpft|belegt)|quota (?:überschritten|ueberschritten)/,
      /bo[iî]te.{0,40}(?:pleine|satur[ée]e)|quota.{0,40}d[ée]pass[ée]|espace .{0,20}d[ée]pass[ée]/,
      /(?:buz[oó]n|casilla|bandeja|caixa).{0,40}(?:llen[oa]|cheia|excedid[oa])|cuota .{0,20}excedida/,
      /casella.{0,40}pien[ao]|spazio .{0,20}esaurito|skrzynka.{0,40}pe[lł]na|postvak.{0,40}vol\b|schr[aá]nka.{0,40}pln[aá]/,
      /переполнен|容量.{0,12}(?:超|満|オーバー)|いっぱい|邮箱.{0,8}满|信箱.{0,8}滿/,
    ],
    sample: 'Postfach des Empfängers ist voll',
  },
  {
    id: 'closed-in-other-languages',
    class: 'inactive-mailbox',
    words: [
      /(?:postfach|konto|mailbox|adresse).{0,30}(?:gesperrt|deaktiviert|geschlossen|stillgelegt|inaktiv)/,
      /(?:compte|bo[iî]te|adresse).{0,30}(?:d[ée]sactiv|ferm[ée]|suspendu|bloqu[ée]e? pour inactivit)/,
      /(?:cuenta|conta|casella|account).{0,30}(?:desactivad|suspendid|suspens|bloquead|disattivat|disabilitat|desabilitad)/,
      /(?:ящик|аккаунт|пользователь) .{0,20}(?:заблокирован|отключ)/,
    ],
    sample: 'Das Postfach wurde deaktiviert',
  },
  {
    id: 'unknown-in-other-languages',
    class: 'invalid-recipient',
    words: [
      /(?:empf(?:ä|ae)nger|adressat|benutzer|postfach|kunde|adresse|konto).{0,40}(?:unbekannt|nicht bekannt|existiert nicht|ungültig|ungueltig|nicht gefunden|nicht vorhanden)/,
      /(?:utilisateur|destinataire|adresse|compte|bo[iî]te).{0,40}(?:inconnu|inexistant|n'existe pas|introuvable|invalide)/,
      /(?:usu[aá]rio|destinatari[oa]|direcci[oó]n|endere[cç]o|cuenta|conta|buz[oó]n|caixa postal).{0,40}(?:desconocid|inexistente|no existe|não existe|nao existe|inv[aá]lid[oa]|desconhecid)/,
      /(?:utente|destinatario|indirizzo|casella).{0,40}(?:sconosciut|inesistente|non esiste|non trovat|non valid)/,
      /(?:gebruiker|ontvanger|geadresseerde|adres).{0,30}(?:onbekend|bestaat niet|niet gevonden)/,
      /(?:użytkownik|adres|odbiorca|skrzynka).{0,30}(?:nie istnieje|nieznany)|u[zž]ivatel.{0,20}neexistuje|neznám[yý]/,
      /(?:пользовател|получател|ящик|адрес).{0,30}(?:не найден|не существует|неизвест)|ユーザー?.{0,20}(?:存在しません|見つかりません)/,
      /inconnu|existiert nicht|nicht bekannt|no existe|inexistente?\b|inexistant|desconocid|non esiste|onbekend|ukjent|okänd|tuntematon/,
      /(?:宛先|メールアドレス|受信者|アドレス).{0,20}(?:存在しません|見つかりません|不明|ありません)|(?:用户|用戶|收件人).{0,10}不存在/,
    ],
    sample: 'Empfänger unbekannt',
  },
  {
    id: 'loop-in-other-languages',
    class: 'network',
    words: [/bouclage|zu viele zwischenstationen|schleife/],
    sample: 'La limite de bouclage a été atteinte',
  },
];
