// This file holds what servers say of the recipient in other languages than English. The words are matched without accents (`folded`), since they get lost on the way; German umlauts are
// also written with "e". What is said of us stands in languages-us.ts and is asked before.
import { nearInPhrase, type ReplyRule } from './rule.ts';

/** Answers about sending speak of limits and quotas as well. */
const NOT_SENDING = '^(?!.{0,300}(?:envio|envoi|invio|versand|sende|wysyl|отправ|发送|送信|발송|pro stunde|por hora|par heure)).{0,200}?';

export const LANGUAGE_RULES: readonly ReplyRule[] = [
  {
    id: 'full-in-other-languages',
    class: 'mailbox-full',
    folded: true,
    words: [
      nearInPhrase(
        `${NOT_SENDING}(?:postfach|mailbox|posteingang|speicher(?:platz|limit)?|kontingent|quota|empfa?e?nger\\w{0,2}\\b)`,
        40,
        '\\bvoll\\b|uberfullt|ausgeschopft|ueberfuellt|erschopft|belegt|uberschritten|ueberschritten|limit erreicht|keinen platz|kein platz',
      ),
      /(?:casuta|cutia) .{0,24}plina|γραμματοκιβώτιο .{0,24}(?:γεμάτο|πλήρες)|(?:صندوق|بريد).{0,24}ممتلئ|תיבת.{0,24}מלאה|hop thu .{0,16}day|kotak (?:surat|masuk) .{0,12}penuh/,
      /non ha piu spazio|\bno tiene (?:mas )?espacio|nao tem (?:mais )?espaco/,
      /kein (?:speicher)?platz (?:mehr )?im postfach/,
      nearInPhrase(`${NOT_SENDING}(?:\\bboite|quota|espace|messagerie|destinataire)`, 40, 'pleine\\b|satur[e]e?\\b|depass|plus d.espace'),
      /plus d.espace .{0,20}(?:boite|messagerie)/,
      nearInPhrase(
        `${NOT_SENDING}(?:buzon|casilla|bandeja|caixa|cuota|cota\\b|quota|espaco|espacio|usuario|destinatari[oa])`,
        40,
        'llen[oa]\\b|cheia|lotad[ao]|esgotad|excedid[oa]|superad[oa]|ha superado|agotad',
      ),
      /(?:sin|sem|no hay|nao ha) (?:espacio|espaco)/,
      nearInPhrase(`${NOT_SENDING}(?:casella|quota|spazio)`, 40, 'pien[ao]\\b|satura\\b|esaurit[oa]|superat[oa]|ha superato'),
      nearInPhrase(`${NOT_SENDING}(?:skrzynk|pojemnosc|limit miejsca|quota)`, 40, 'peln[ay]|przepelnion|przekroczon'),
      /przepelniona skrzynka|brak miejsca|przekroczon\w{0,2} (?:limit (?:miejsca|pojemnosci)|quota|pojemnosc)/,
      nearInPhrase(`${NOT_SENDING}(?:postvak|postbus|mailbox|quota|opslaglimiet)`, 40, '\\bvol\\b|overschreden'),
      /schrank.{0,40}plna|plna schrank|prekrocena kvota|kota asildi/,
      /(?:brevlada|postlada|inkorg|postkasse|innboks|indbakke)\S{0,4}.{0,30}(?:full|fyldt|fuld)|postilaatikko.{0,30}tayn|postafiok.{0,30}(?:megtelt|tele)|posta kutusu.{0,20}dolu/,
      /квот.{0,20}превыш|превышена.{0,20}квота|недостаточно места|ящик.{0,20}полон|메일함.{0,20}(?:가득|초과)|용량.{0,10}초과|空き容量|容量不足|空间不足|空間不足|переполнен|переповнен|(?:超出|超过).{0,8}容量|容量.{0,12}(?:超|満|オーバー)|いっぱい|満杯|邮箱.{0,8}满|信箱.{0,8}[滿满]|空间.{0,4}满/,
    ],
    sample: 'Postfach des Empfängers ist voll',
  },
  {
    id: 'closed-in-other-languages',
    class: 'inactive-mailbox',
    folded: true,
    words: [
      /(?:postfach|konto|mailbox|adresse|benutzer).{0,30}(?:gesperrt|deaktiviert|geschlossen|stillgelegt|inaktiv|nicht mehr aktiv|abgeschaltet)/,
      /(?:compte|boite|adresse).{0,30}(?:desactiv|ferme|suspendu|cloture|expire\b|inactive?\b|bloque)/,
      /(?:cuenta|conta\b|buzon|caixa(?: postal)?|casella|usuario|utente|account).{0,30}(?:de[sh]+a?[cb]?t?i?v?ad|desactivad|desativad|desabilitad|deshabilitad|disabilitat|disattivat|suspendid|suspens|sospes|bloquead|bloccat|inativ|inactiv[oa]\b|non attiv|cerrad|cancelad|encerrad|scadut|expirad)/,
      /(?:ящик|аккаунт|пользователь|уч[её]тная запись) .{0,20}(?:заблокирован|отключ|неактив)/,
      /(?:konto|kontoen|kontot|brevlada|postkasse|adressen?).{0,30}(?:inaktiverad|avstang|sparrat|deaktiver|spaerret|sperret|lukket)|(?:konto|skrzynka).{0,30}(?:zablokowan|nieaktywn|zawieszon|wylaczon)|schranka.{0,20}(?:zablokov|zrusen|deaktivov)|hesap.{0,12}(?:devre disi|kapat|askiya)/,
      /(?:account|mailbox|postvak).{0,20}(?:geblokkeerd|uitgeschakeld|opgeheven|gedeactiveerd|gesloten)/,
      /(?:帐号|账号|帳號|帐户|账户|邮箱|信箱).{0,10}(?:停用|冻结|禁用|凍結|锁定|鎖定)|アカウント.{0,12}(?:停止|無効)|停止中のアカウント|계정.{0,12}(?:정지|중지|휴면)|(?:정지|중지)된 계정|휴면 ?계정/,
    ],
    sample: 'Das Postfach wurde deaktiviert',
  },
  {
    id: 'domain-in-other-languages',
    class: 'bad-domain',
    folded: true,
    code: /^(?!4)/,
    words: [
      /(?<![a-z])(?:empfa?e?nger-?)?domain (?:\S{1,60} )?(?:existiert nicht|nicht gefunden|unbekannt|wurde nicht gefunden)|\bdomaine (?:\S{1,60} )?(?:inexistant|inconnu|introuvable|n.existe)|\bdominio (?:\S{1,60} )?(?:inexistente|desconocido|desconhecido|no existe|nao existe|non esiste|no encontrado|sconosciuto)|域名不存在/,
    ],
    sample: '550 Domain nicht gefunden',
  },
  {
    id: 'unknown-in-other-languages',
    class: 'invalid-recipient',
    folded: true,
    words: [
      /(?:empf(?:a|ae)nger|adressat|benutzer|nutzer|teilnehmer|postfach|kunde|adresse|konto|mailbox).{0,40}(?:unbekannt|nicht bekannt|existiert nicht|ungultig|ungueltig|nicht gefunden|nicht vorhanden|gibt es (?:hier )?nicht)/,
      /\bkein(?:en)? (?:solche[rns]? )?(?:benutzer|nutzer|empfa?e?nger|postfach)/,
      /(?:nicht i[mn] .{0,40}(?:verzeichnis|adre(?:ss)buch) (?:aufgef(?:u|ue)hrt|gefunden)|(?:non repertorie|n.est pas repertorie).{0,24}annuaire|no figura en .{0,24}directorio|non .{0,12}elencat.{0,16}(?:rubrica|directory)|ディレクトリ.{0,8}(?:ありません|見つかりません))/,
      /\bunbekannte[rn]? (?:empf(?:a|ae)nger|benutzer|nutzer|adressat|e-?mail-?adresse)|\b(?:onbekende?|geen|ongeldig) (?:ontvanger|gebruiker|geadresseerde|adres)/,
      /(?:utilisateur|destinataire|adresse|compte|boite|abonne).{0,40}(?:inconnu|inexistant|n.existe pas|introuvable|invalide|non trouve)|\baucun(?:e)? (?:utilisateur|boite|compte|destinataire)/,
      /(?:usuario|utilizador|destinatari[oa]|direccion|endereco|cuenta|conta\b|buzon|caixa postal).{0,40}(?:desconocid|inexistente|no existe|nao existe|inval?id[oa]|desconhecid|no? encontrad|nao encontrad|no valid[oa])|\b(?:no|nao) existe (?:el |este |esse |o )?(?:usuario|destinatari|buzon|utilizador)/,
      /(?:utente|destinatario|indirizzo|casella|account).{0,40}(?:sconosciut|inesistente|non esiste|non trovat|non valid)|\bnessun utente/,
      /(?:gebruiker|ontvanger|geadresseerde|adres|mailbox).{0,30}(?:onbekend|bestaat niet|niet gevonden)/,
      /(?:uzytkownik|adres|odbiorca|skrzynka|konto).{0,30}(?:nie istnieje|nieznany)|(?:nie ma|brak) takiej? ?(?:go )?(?:uzytkownika|konta|adresu|odbiorcy|skrzynki)|nie znaleziono (?:uzytkownika|odbiorcy|adresata)|\b(?:nieznany|nieprawidlowy) (?:uzytkownik|odbiorca|adres)|(?:uzivatel|adresa|schranka|prijemce).{0,20}neexistuje|neznamy/,
      /(?:пользовател|получател|ящик|адрес).{0,30}(?:не найден|не существует|неизвест)|(?:неизвестный|неверный) (?:пользователь|получатель|адрес)|(?:ユーザー?|受信者|宛先).{0,20}(?:存在しません|見つかりません|いません|不明)/,
      /(?:anvandare|mottagare|adress|bruker|bruger|modtager|mottaker|adresse)\S{0,3}.{0,30}(?:finns inte|okand|findes ikke|finnes ikke|ukendt|ukjent|eksisterer ikke|existerar inte|gick inte att hitta)|\b(?:okand|ukendt|ukjent) (?:anvandare|mottagare|bruger|bruker|modtager|mottaker)|(?:kayttaja|vastaanottaja|osoite).{0,30}(?:ei ole|tuntematon|ei loydy)/,
      /(?:felhasznalo|cimzett).{0,30}(?:ismeretlen|nem letezik)|ismeretlen (?:felhasznalo|cimzett)|kullanici.{0,30}(?:bulunamad|yok|bilinmiyor)|gecersiz (?:alici|kullanici|adres)|адресат.{0,20}(?:не найден|не существует|неизвест)|нет такого (?:пользователя|адреса)/,
      /존재하지 ?않는 ?(?:사용자|메일|주소)|수신자를 찾을 수|(?:사용자|수신자|메일 ?주소|계정).{0,6}존재하지 ?않|없는 ?(?:사용자|메일|주소|계정)|(?:没有(?:这个|此)?|无此|無此)(?:用户|用戶|帳號|收件人|帐号)|找不到(?:收件人|用户|用戶)|(?:用户|用戶|使用者|地址|收件人|收件者|邮箱|信箱).{0,6}(?:不存在|无效|無效)/,
      /(?:usuario|destinatari[oa]|direccion|buzon|cuenta) .{0,20}no se encuentra|no se encontro (?:la direccion|el (?:usuario|buzon|destinatario))|indirizzo .{0,20}non .{0,12}trovat|endereco .{0,30}nao .{0,8}encontrad|nie znaleziono .{0,16}adres|adresa .{0,12}(?:nebyla nalezena|nu (?:a fost gasita|exista))|(?:cim|postafiok) .{0,4}nem talalhato|utilizator necunoscut/,
      /adress(?:en)? (?:hittades|kunde) inte|adressen (?:blev|ble|kunne) ikke (?:fundet|funnet|findes)|adresi .{0,4}bulunamadi|(?:χρήστης|παραλήπτης|διεύθυνση) .{0,4}δεν (?:υπάρχει|βρέθηκε)|(?:المستخدم|العنوان|البريد).{0,16}غير موجود|(?:המשתמש|הכתובת|הנמען).{0,10}(?:אינו|אינה|לא) (?:קיי|נמצא)|khong ton tai|khong tim thay|tidak ditemukan|找不到.{0,10}(?:地址|收件人|用户)/,
      /inconnu|existiert nicht|nicht bekannt|no existe|inexistente?\b|inexistant|desconocid|non esiste|onbekend|ukjent|okand|tuntematon/,
      /(?:宛先|メールアドレス|受信者|アドレス).{0,20}(?:存在しません|見つかりません|不明|ありません)|(?:用户|用戶|收件人).{0,10}不存在/,
    ],
    sample: 'Empfänger unbekannt',
  },
  {
    id: 'loop-in-other-languages',
    class: 'network',
    folded: true,
    words: [/bouclage|zu viele zwischenstationen|schleife/],
    sample: 'La limite de bouclage a été atteinte',
  },
];
