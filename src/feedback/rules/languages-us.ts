// This file holds what servers say of us in other languages than English: our address, our host, our pace, our mail, our rights. The words are matched without accents (`folded`), since
// servers write "fur", "fuer" and "für". They are asked before the words about the recipient in languages.ts, because such answers name the recipient as well.
import { nearInPhrase, type ReplyRule } from './rule.ts';

const SENDER =
  'absender\\w*|expediteur|emetteur|remitente|remetente|mittente|afzender|nadawc\\w|odesilatel\\w*|avsandare?n?\\b|afsender\\w*|avsender\\w*|felado|gonderen|отправител[а-я]{1,3}|发件人|发信人|寄件人|發件人|寄件者|差出人|送信者|送信元(?!ip)|보낸 ?사람|발신자|송신자';
const REFUSED =
  'abgelehnt|abgewiesen|gesperrt|blockiert|ungultig|ungueltig|unbekannt|existiert nicht|nicht (?:gefunden|akzeptiert|erlaubt|zugelassen|bekannt)|keinen mx|refuse|rejet|bloque|invalid|inconnu|inexist|' +
  'n.existe pas|introuvable|interdit|rechazad|bloquead|n[oa]o? (?:existe|permitid|encontrad)|no valid|desconocid|rejeitad|desconhecid|rifiutat|bloccat|non (?:esiste|valid|trovat|consentit)|sconosciut|geweigerd|onbekend|' +
  'bestaat niet|ongeldig|geblokkeerd|odrzucon|zablokowan|nie istnieje|nieznan|nieprawidlow|odmitnut|neexist|neznam|blokovan|avvisad|ogiltig|finns inte|afvist|ugyldig|findes ikke|не существует|отклон|заблокирован|' +
  'неизвест|неверн|不存在|无效|無效|被拒|拒绝|拒絕|被禁|拒否|不正|存在しません|차단|거부|존재하지|잘못';
/** The same, in front of the noun: "ongeldige afzender". */
const REFUSED_BEFORE =
  'unbekannte[rn]?|ungultige[rn]?|ongeldige|onbekende|nieprawidlowy|nieznany|niedozwolony|neplatny|neznamy|ogiltig|okand|ugyldig|ukendt|неизвестный|неверный|gecersiz|无效的|無效的|invalide';

export const LANGUAGE_RULES_ABOUT_US: readonly ReplyRule[] = [
  {
    id: 'listed-in-other-languages',
    class: 'ip-reputation',
    folded: true,
    words: [
      /liste noire|lista(?:s)? (?:negra|nera)|schwarze[nr]? liste|sperrliste|zwarte lijst|czarn(?:a|ej) lis|sv?art ?list|cern(?:a|e)m? (?:list|seznam)|kara liste|ч[её]рн(?:ый|ом) списк|黑名单|黑名單|ブラックリスト|블랙리스트|拒否リスト/,
      /\b(?:ma|mala|baja|faible|mauvaise|cattiva|bassa|schlechte[nr]?|slechte|zla) (?:reputacao|reputacion|reputation|reputazione|reputatie|reputacj)|reputation insuffisante/,
      /(?:\bip\b(?:-?adress\w{0,2})?|ip-?adres|adres+e? ip|direccion ip|endereco ip|indirizzo ip|ip-?адрес)[^:;]{0,40}?(?:gesperrt|blockiert|bloqu|blocc|geblok|zablokowan|blokker|blockerad|заблокирован|拒否|拒绝|被(?:禁|拒|封)|차단|gelistet|listad[oa]\b)/,
      /\b(?:ihr|votre|su|seu|suo|vostro|uw|twoj|ваш) (?:mail-?)?(?:server|mailserver|serveur|servidor|serwer|сервер|host)\b[^:;]{0,40}?(?:gesperrt|gelistet|blockiert|bloque|bloquead|bloccat|geblok|zablokowan|заблокирован|blacklist)/,
      /(?:kein|ohne|keinen|fehlend\w{1,2}) (?:gultigen? )?(?:reverse[ -]?dns|ptr)|dns (?:inverse|reverso|inverso)|dynamische[nr]? (?:ip|adress|netz|einwahl)|\bip (?:no tiene|sem) /,
    ],
    sample: '554 5.7.1 Votre adresse IP est sur liste noire',
  },
  {
    id: 'sender-in-other-languages',
    class: 'sender-rejected',
    folded: true,
    words: [
      nearInPhrase(SENDER, 40, REFUSED),
      nearInPhrase(`\\b(?:${REFUSED_BEFORE})`, 4, SENDER),
      /afzender.{0,20}bestaat niet/,
      /domini?o? del mittente (?:inesist|non)/,
    ],
    sample: '553 5.1.8 Absender unbekannt: Domain existiert nicht',
  },
  {
    id: 'virus-in-other-languages',
    class: 'virus',
    folded: true,
    words: [
      /\bschad(?:software|code)|\bviren\b|\bvirenverdacht|\binfiziert|\binfectee?\b|\binfectad[oa]|\binfett[oaie]\b|\bwirus|zainfekowan|\bbesmet|вирус|заражен|病毒|ウイルス|ウィルス|바이러스|virus (?:detectad|detecte|rilevat|encontrad|gevonden|gefunden|erkannt)|(?:contem|contiene(?: un)?|contient(?: un)?|enthalt(?: einen)?) virus/,
    ],
    sample: '554 Die Nachricht ist mit Schadsoftware infiziert',
  },
  {
    id: 'spam-in-other-languages',
    class: 'spam-content',
    folded: true,
    words: [
      /(?:als|comme|como|come|jako|som|за|как|olarak) (?:un |une |mogelijke |possible |moglicher )?(?:spam|werbung|unerwunscht|publicit|pourriel|indesider|nao solicitad|no deseado|ongewenst|niechcian|нежелательн)|indesirable|(?:contenido|correo|conteudo|posta) (?:no desead|indesej|indesider)|unerwunschte (?:werbung|mail|nachricht|e-mail)|垃圾(?:邮件|郵件|信息|訊息)|迷惑メール|スパム|스팸|(?<![а-я])спам/,
    ],
    sample: '550 5.7.1 Message rejeté : contenu indésirable',
  },
  {
    id: 'pace-in-other-languages',
    class: 'rate-limited',
    folded: true,
    words: [
      /(?:limite|limit|grenze|kontingent|quota)[^:;]{0,24}?(?:mensagens|mensajes|messages|messaggi|nachrichten|mails|envios?|envois?|invio|invii|wysylk|wiadomosci|отправк|сообщений|писем)[^:;]{0,30}?(?:exced|supera|depass|uberschr|erreicht|atteint|alcanzad|atingid|$)/,
      /(?:superado|excedido|uberschritten|przekroczon[oy]|превышен) (?:el |il |o )?(?:limite? (?:de |di )?)?(?:envio|invio|wysylki|mensajes|limit (?:wysylki|wiadomosci|сообщений|отправки)|лимит)/,
      /(?:zu viele|trop d[e.]|demasiad[ao]s|muit[ao]s|tropp[ei]|te veel|zbyt wiel[eu]|слишком много|excesso de) ?(?:gleichzeitige |simultane\w{1,3} )?(?:nachrichten|mails|e-mails|verbindungen|empf|messages|connexions|destinat|mensajes|correos|conexi|mensag|conex|messaggi|connessioni|berichten|verbindingen|ontvangers|wiadomo|pol|odbiorc|писем|сообщений|соединений|получател)/,
      /\b(?:versand|sende|verzend)(?:limie?t|grenze)|maximale anzahl (?:nachrichten|mails|verbindungen)|(?:sie senden|vous envoyez|envia|invia|u verzendt) (?:zu schnell|trop vite|demasiado rapido|muito rapido|troppo|te snel)|debit trop|^4\d\d .{0,12}limit uberschritten/,
      /接続数|送信制限|短時間に|(?:连接|连线|發送|发送|发信)[^:;]{0,6}(?:频|頻|过多|限制|过快)|접속이 (?:너무|많)|발송 (?:한도|제한)/,
    ],
    sample: '451 4.7.1 Limite de mensagens por hora excedido',
  },
  {
    id: 'greylist-in-other-languages',
    class: 'greylist',
    folded: true,
    code: /^4/,
    words: [/liste grise|lista (?:gris|grigia|cinza)|graue liste|szar\w{1,2} lis|erster zustellversuch|серый список|灰名单/],
    sample: '451 Message mis en liste grise',
  },
  {
    id: 'size-in-other-languages',
    class: 'message-too-large',
    folded: true,
    words: [
      /\bzu gross\b|\bgroe?sser als\b|\btrop volumineu|\bdemasiado grande|\bmuito grande|\btroppo grande|\bte groot\b/,
      /(?:nachricht|mail|anhang|message|courriel|mensaje|mensagem|messaggio|bericht|wiadomo(?:sc|sci)|zprava|meddelande|besked|письмо|сообщение).{0,30}(?:zu gross|trop (?:gros|volumineu|grand)|demasiado grande|muito grande|troppo grande|te groot|(?:za|zbyt) duz|prilis velk|for stort?|слишком больш)|(?:邮件|郵件)(?:大小|太大|过大|過大)|サイズ.{0,10}(?:超|大きすぎ)|크기.{0,6}(?:큽|초과)|слишком больш/,
      /(?:maximal|zulassig|erlaubt|hochst).{0,40}gr(?:o|oe)ss?e.{0,40}ube?r(?:schr|st)|(?<!postfach)grossenlimit|(?:taille|dimensione?|tamano|tamanho|rozmiar|размер|grootte)[^:;]{0,40}?(?:depass|superat|supera|exced|przekr|превыш|overschr|maxim)|(?:depasse|supera|excede|przekracza|превышает|overschrijdt|przekroczony|превышен) (?:l[ea] |el |o |il |de |limite de )*(?:maximal\w{1,2} )?(?:taille|tamano|limite de tam|tamanho|dimensione|dopuszczaln|maksymalny rozmiar|rozmiar|максимальный размер|maximale)|uberschreitet die maximale grosse/,
    ],
    sample: '552 5.3.4 Die Nachricht ist zu gross',
  },
  {
    id: 'relay-in-other-languages',
    class: 'relay-denied',
    folded: true,
    words: [
      /(?:weiterleitung|relay|relais|reenvio|retransmissao|inoltro|relaying|doorsturen).{0,24}?(?:nicht (?:erlaubt|gestattet|zugelassen)|verweigert|abgelehnt|non (?:autoris|permess|consentit)|refuse\b|interdit|no (?:permitid|autorizad)|nao (?:permitid|autorizad)|proibid|denegad|negad|negat|niet toegestaan|zabroni|niedozwol)|\brelayage\b|domain[^:;]{0,20}nicht (?:zustandig|gehostet)|fur diese domain .{0,12}nicht zustandig|wird hier nicht gehostet|domaine n.est pas gere/,
    ],
    sample: '554 5.7.1 Weiterleitung nicht erlaubt',
  },
  {
    id: 'filter-in-other-languages',
    class: 'recipient-filtered',
    folded: true,
    words: [
      /(?:vom|durch den) (?:empfanger|empfaenger|benutzer|nutzer) (?:abgelehnt|gesperrt|blockiert|verweigert)|(?:empfanger|empfaenger|nutzer) (?:hat sie|nimmt keine|lehnt)|filter des (?:empfangers|empfaengers|nutzers)|(?:bloque|refuse|rejete) par (?:le destinataire|l.utilisateur)|(?:bloquead|rechazad|rejeitad|recusad)[oa] (?:por el|pelo|por) (?:destinatari|usuari)|(?:rifiutato|bloccato|respinto) dal(?:l.utente| destinatario)/,
    ],
    sample: '550 Der Empfänger hat Sie gesperrt',
  },
  {
    id: 'tls-in-other-languages',
    class: 'tls',
    folded: true,
    words: [
      /\b(?:un)?verschlusselt|\bverschlusselung|chiffrement|connexion securisee|conexion (?:cifrada|segura)|conexao segura|crittograf|szyfrowan|versleutel|шифрован/,
    ],
    sample: '550 Verschlüsselung erforderlich',
  },
  {
    id: 'form-in-other-languages',
    class: 'content',
    folded: true,
    code: /^5/,
    words: [/\bkopfzeile|\ben-?tetes? |\bencabezados? |\bcabecalhos? |\bintestazion[ei] |\bnaglow(?:ek|ki|ka)/],
    sample: '554 Fehlerhafte Kopfzeile From',
  },
  {
    id: 'policy-in-other-languages',
    class: 'policy',
    folded: true,
    code: /^(?!4|.* [45]\.[12]\.[12]\b)/,
    words: [
      /sicherheitsgrund|^(?!.{0,400}(?:spf|dkim|dmarc)).{0,200}?\brichtlinie|(?:anhang|dateityp|dateiendung)[^:;]{0,30}?(?:nicht|verboten|unzulassig|unerlaubt|abgelehnt)|unerlaubte[mnr]? (?:anhang|dateityp)|zugriff verweigert|authentifizierung erforderlich|zuerst anmelden|nicht berechtigt|nur interne/,
      /acces refuse|piece jointe|type de fichier|authentification (?:requise|necessaire)|politique de|pas autorise|raisons? de securite/,
      /\badjuntos? |acceso denegado|no autorizado|politicas? de|autentica\w{3,5} (?:requerida|necessaria|obrigatoria|richiesta|necesaria)|tipo de (?:archivo|arquivo)|\ballegat[oi] (?:non|vietat|bloccat)|accesso negato|motivi di sicurezza|\banexos? (?:nao|bloquead|proibid)|acesso negado|motivos de seg/,
      /odmowa dostepu|brak uprawnien|niedozwolony zalacznik|toegang geweigerd|доступ запрещ[её]н|политик/,
    ],
    sample: '550 Aus Sicherheitsgründen abgelehnt',
  },
];
