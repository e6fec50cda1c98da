// This file holds what servers say in other languages than English. Texts come in lower case; accents are written both ways, as notices lose them on the way.
import type { ReplyRule } from './rule.ts';

export const LANGUAGE_RULES: readonly ReplyRule[] = [
  // What is said of us comes first here, too: such answers name the recipient as well.
  {
    id: 'listed-in-other-languages',
    class: 'ip-reputation',
    words: [
      /liste noire|lista ne(?:gra|ra)|schwarze[nr]? liste|sperrliste|zwarte lijst|czarn(?:a|ej) li[sś]|sv?art ?list|[čc]ern(?:á|a|é|e)m? (?:list|seznam)|kara liste|ч[её]рн(?:ый|ом) списк|黑名单|黑名單|ブラックリスト|블랙리스트/,
      /\b(?:m[áa]|mala|baja|faible|mauvaise|cattiva|bassa|schlechte[nr]?|slechte|z[łl]a) (?:reputa[cç][aã]o|reputaci[oó]n|r[ée]putation|reputazione|reputatie|reputacj)/,
      /\bip \[?\d[\d.]{6,14}\]? .{0,12}(?:bloquead|bloccat|bloqu[ée]e?\b|gesperrt|geblokkeerd|zablokowan|заблокирован)/,
      /(?:ip-?adresse|adresse ip|direcci[oó]n ip|endere[cç]o ip|indirizzo ip|ip-adres|adres ip|ip-?адрес).{0,40}(?:gesperrt|blockiert|bloqu|blocc|geblokkeerd|zablokowan|blokker|blockerad|заблокирован)/,
    ],
    sample: '554 5.7.1 Votre adresse IP est sur liste noire',
  },
  {
    id: 'spam-in-other-languages',
    class: 'spam-content',
    words: [
      /(?:als|comme|como|come|jako|som|за|как) (?:un |une |mogelijke |possible )?(?:spam|werbung|unerw[üu]nscht|publicit|pourriel|indesider|n[ãa]o solicitad|no deseado|ongewenst|niechcian|нежелательн)|ind[ée]sirable|垃圾邮件|垃圾郵件|迷惑メール|스팸/,
    ],
    sample: '550 5.7.1 Message rejeté : contenu indésirable',
  },
  {
    id: 'pace-in-other-languages',
    class: 'rate-limited',
    words: [
      /(?:limite|l[ií]mite|limit|grenze|kontingent|quota).{0,24}(?:mensagens|mensajes|messages|messaggi|nachrichten|mails|envios|env[ií]os|envois).{0,30}(?:exced|supera|d[ée]pass|[üu]berschritten|erreicht|atteint|alcanzad|atingid)/,
      /zu viele (?:nachrichten|mails|e-mails|verbindungen|empf[äa]nger)|trop de (?:messages|mails|connexions|destinataires)|demasiad[ao]s (?:mensajes|correos|conexiones|destinatarios)|muit[ao]s (?:mensagens|conex|destinat)|tropp[ei] (?:messaggi|connessioni|destinatari)|te veel (?:berichten|verbindingen)|zbyt wiele (?:wiadomo|po[łl])|слишком много (?:писем|сообщений|соединений|получател)/,
    ],
    sample: '451 4.7.1 Limite de mensagens por hora excedido',
  },
  {
    id: 'relay-in-other-languages',
    class: 'relay-denied',
    words: [
      /(?:weiterleitung|relay|relais|reenvio|reenv[ií]o|retransmiss[ãa]o|inoltro|relaying|doorsturen).{0,24}(?:nicht (?:erlaubt|gestattet|zugelassen)|non (?:autoris|permess|consentit)|interdit|no (?:permitid|autorizad)|n[ãa]o (?:permitid|autorizad)|proibid|denegad|negad|niet toegestaan|zabroni|niedozwol)/,
    ],
    sample: '554 5.7.1 Weiterleitung nicht erlaubt',
  },
  {
    id: 'sender-in-other-languages',
    class: 'sender-rejected',
    words: [
      /(?:absender|exp[ée]diteur|[ée]metteur|remitente|remetente|mittente|afzender|nadawc|odes[ií]latel|avs[äa]ndar|afsender|отправител|发件人|發件人|差出人|送信者).{0,40}(?:unbekannt|abgelehnt|gesperrt|existiert nicht|ung[üu]ltig|inconnu|rejet|refus|invalid|inexist|no existe|n[ãa]o existe|rechazad|rejeitad|sconosciut|rifiutat|non esiste|onbekend|geweigerd|nie istnieje|odrzucon|neexistuje|odm[ií]tnut|не существует|отклон|不存在|拒绝|拒絕|拒否)/,
    ],
    sample: '553 5.1.8 Absender unbekannt: Domain existiert nicht',
  },
  {
    id: 'size-in-other-languages',
    class: 'message-too-large',
    words: [
      /(?:nachricht|mail|anhang|message|courriel|mensaje|mensagem|messaggio|bericht|wiadomo[śs][ćc]|zpr[áa]va|meddelande|besked|письмо|сообщение).{0,30}(?:zu gro(?:ss|ß)|trop (?:gros|volumineu|grand)|demasiado grande|muito grande|troppo grande|te groot|za du[żz]|p[řr][íi]li[šs] velk|f[öo]r stort?|for stor|слишком больш)|邮件(?:太大|过大)|郵件過大|サイズ.{0,10}(?:超|大きすぎ)/,
      /(?:maximal|zul[äa]ssig|erlaubt|h[öo]chst).{0,40}gr(?:ö|oe)(?:ß|ss)e.{0,40}(?:(?:ü|ue)berschr|(?:ü|ue)berst)|d[ée]passe la taille|supera el tama[ñn]o|excede o tamanho|supera la dimensione|overschrijdt de maximale/,
    ],
    sample: '552 5.3.4 Die Nachricht ist zu gross',
  },
  {
    id: 'full-in-other-languages',
    class: 'mailbox-full',
    words: [
      /(?:postfach|mailbox|posteingang|speicherplatz).{0,40}(?:voll|überfüllt|ueberfuellt|erschöpft|belegt)|quota (?:überschritten|ueberschritten)/,
      /bo[iî]te.{0,40}(?:pleine|satur[ée]e)|quota.{0,40}d[ée]pass[ée]|espace .{0,20}d[ée]pass[ée]/,
      /(?:buz[oó]n|casilla|bandeja|caixa).{0,40}(?:llen[oa]|cheia|excedid[oa])|cuota .{0,20}excedida/,
      /casella.{0,40}pien[ao]|spazio .{0,20}esaurito|skrzynka.{0,40}pe[lł]na|(?:postvak|postbus|mailbox).{0,40}\bvol\b|schr[aá]nka.{0,40}pln[aá]/,
      /(?:brevl[åa]da|postl[åa]da|inkorg|postkasse|innboks|indbakke)\S{0,4}.{0,30}(?:full|fyldt|fuld)|postilaatikko.{0,30}t[äa]ynn|postafi[óo]k.{0,30}(?:megtelt|tele)|posta kutusu.{0,20}dolu/,
      /квота.{0,20}превыш|메일함.{0,20}(?:가득|초과)|용량.{0,10}초과|空き容量|容量不足|空间不足|空間不足|переполнен|переповнен|容量.{0,12}(?:超|満|オーバー)|いっぱい|邮箱.{0,8}满|信箱.{0,8}滿/,
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
      /(?:ящик|аккаунт|пользователь|учетная запись) .{0,20}(?:заблокирован|отключ|неактив)/,
      /(?:konto|brevl[åa]da|postkasse|adressen?).{0,30}(?:inaktiverad|avst[äa]ngd|deaktiver|sp[æa]rret|sperret|lukket)|(?:konto|skrzynka).{0,30}(?:zablokowan|nieaktywn|wy[łl][ąa]czon)|schr[áa]nka.{0,20}(?:zablokov|zru[šs]en|deaktivov)/,
      /(?:帐号|账号|帳號|邮箱).{0,10}(?:停用|冻结|禁用|凍結)|アカウント.{0,12}(?:停止|無効)|계정.{0,12}(?:정지|중지|휴면)/,
    ],
    sample: 'Das Postfach wurde deaktiviert',
  },
  {
    id: 'unknown-in-other-languages',
    class: 'invalid-recipient',
    words: [
      /(?:empf(?:ä|ae)nger|adressat|benutzer|postfach|kunde|adresse|konto).{0,40}(?:unbekannt|nicht bekannt|existiert nicht|ungültig|ungueltig|nicht gefunden|nicht vorhanden)/,
      /(?:nicht i[mn] .{0,40}(?:verzeichnis|adre(?:ß|ss)buch) (?:aufgef(?:ü|ue)hrt|gefunden)|(?:non r[ée]pertori[ée]|n.est pas r[ée]pertori[ée]).{0,24}annuaire|no figura en .{0,24}directorio|non .{0,12}elencat.{0,16}(?:rubrica|directory)|ディレクトリ.{0,8}(?:ありません|見つかりません))/,
      /\bunbekannte[rn]? (?:empf(?:ä|ae)nger|benutzer|adressat|e-?mail-?adresse)|\bonbekende (?:ontvanger|gebruiker|geadresseerde)/,
      /(?:utilisateur|destinataire|adresse|compte|bo[iî]te).{0,40}(?:inconnu|inexistant|n'existe pas|introuvable|invalide)/,
      /(?:usu[aá]rio|destinatari[oa]|direcci[oó]n|endere[cç]o|cuenta|conta|buz[oó]n|caixa postal).{0,40}(?:desconocid|inexistente|no existe|não existe|nao existe|inv[aá]lid[oa]|desconhecid)/,
      /(?:utente|destinatario|indirizzo|casella).{0,40}(?:sconosciut|inesistente|non esiste|non trovat|non valid)/,
      /(?:gebruiker|ontvanger|geadresseerde|adres).{0,30}(?:onbekend|bestaat niet|niet gevonden)/,
      /(?:użytkownik|adres|odbiorca|skrzynka).{0,30}(?:nie istnieje|nieznany)|nie ma takiego (?:użytkownika|konta|adresu|odbiorcy)|u[zž]ivatel.{0,20}neexistuje|neznám[yý]/,
      /(?:пользовател|получател|ящик|адрес).{0,30}(?:не найден|не существует|неизвест)|ユーザー?.{0,20}(?:存在しません|見つかりません)/,
      /(?:anv[äa]ndare|mottagare|adress|bruker|bruger|modtager|mottaker|adresse)\S{0,3}.{0,30}(?:finns inte|ok[äa]nd|findes ikke|finnes ikke|ukendt|ukjent|eksisterer ikke|existerar inte|gick inte att hitta)|(?:k[äa]ytt[äa]j[äa]|vastaanottaja|osoite).{0,30}(?:ei ole olemassa|tuntematon|ei l[öo]ydy)/,
      /(?:felhaszn[áa]l[óo]|c[íi]mzett).{0,30}(?:ismeretlen|nem l[ée]tezik)|kullan[ıi]c[ıi].{0,30}(?:bulunamad|yok|bilinmiyor)|адресат.{0,20}(?:не найден|не существует|неизвест)|нет такого (?:пользователя|адреса)/,
      /존재하지 ?않는 ?(?:사용자|메일|주소)|수신자를 찾을 수|没有(?:这个|此)(?:用户|收件人)|無此(?:用戶|帳號|收件人)|(?:用户|用戶|地址|收件人|邮箱).{0,6}(?:不存在|无效|無效)/,
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
