// This file holds the words by which a mail is known as a report of a mail system, for `notice.ts`: in English first, then in the languages that servers, Exchange above all, write to
// their users. Each list is data: one line a language.

/** Subjects of reports, in English. */
const SUBJECT_IN_ENGLISH =
  'undeliver|un-?deliverable|return(?:ed|ing) (?:mail|message)|returned to sender|failure (?:notice|notification)|' +
  'deliver(?:y|ing) (?:status|fail|notification|report|problem|error|delay|unsuccessful)|mail delivery|non-?deliver|not (?:be )?delivered|' +
  'failed (?:mail |message )?(?:deliver|transmission)|failed mail\\b|delivery .{0,40}fail|mail (?:system )?error|warning: (?:message|could not)|\\bbounce|' +
  // words: what other mail systems write
  'delivery has failed|mail failure|message (?:delayed|not deliver)|could not send|error (?:sending|mail)|could not be sent|not be sent\\b|delivery incomplete|rejected mail|(?:message|mail)(?: you sent)? (?:was |has been |is )?(?:rejected|refused)\\b|you sent (?:was |has been )?(?:blocked|rejected|refused)|virus .{0,30}(?:you sent|from you\\b)';

const SUBJECT_ELSEWHERE: readonly string[] = [
  'unzustellbar|nicht (?:zugestellt|zustellbar|übermittelt|ausgeliefert)|(?:ü|ue)bermittlungsfehler|zustell(?:ung fehlgeschlagen|fehler|ungsfehler)|zustellung .{0,30}(?:fehlgeschlagen|nicht m)',
  'non (?:remis|distribu|d[ée]livr)|[ée]chec de (?:la )?(?:remise|distribution|livraison)|retour (?:de courrier|à l.exp[ée]diteur)|impossible de remettre',
  'no entregado|no se (?:puede|pudo|ha podido) entregar|correo devuelto|no entregable|error de entrega|fallo (?:de|en la) entrega|mensaje devuelto',
  'falha na entrega|n[aã]o (?:foi |[ée] )?(?:poss[ií]vel )?entreg(?:ue|ar)|mensagem devolvida|devolu[cç][aã]o de',
  'mancat[ao] (?:consegna|recapito)|non recapitabil|recapito non riuscito|impossibile (?:recapitare|consegnare)|messaggio non (?:consegnato|recapitato)',
  'onbestelbaar|niet (?:bezorgd|afgeleverd)|bezorging .{0,20}mislukt|kan niet worden (?:bezorgd|afgeleverd)',
  'nie ?dostarcz|niedor[ęe]cz|zwrot wiadomo|nie mo[żz]na dostarczy',
  'недоставлен|не доставлен|не удалось (?:доставить|отправить)|невозможно доставить|ошибка доставки|возврат (?:сообщения|письма)|доставка не',
  'g[åa]r inte att leverera|kunde inte levereras|ej leverera|leveransfel|olevererbar|inte levererat',
  '(?:kan|kunne) ikke leveres|ikke (?:leveret|levert)|uleverbar|levering(?:en)? mislyk|leveringsfejl|leveringsfeil',
  'nedoru[čc]|nelze doru[čc]it|nedodan|nepoda[řr]ilo doru[čc]it|doru[čc]en[íi] .{0,20}nezda[řr]ilo',
  'ei voitu toimittaa|toimitus ep[äa]onnistui|toimittamaton|k[ée]zbes[íi]thetetlen|sikertelen k[ée]zbes|teslim edilemedi|iletilemedi|δεν παραδ|αδυναμία παράδοσης',
  'nelivrabil|nu (?:a|poate) (?:putut )?(?:fi )?livrat|ni (?:bilo )?mogo[čc]e dostaviti|nepodarilo (?:sa )?doru[čc]i[ťt]|не може да бъде доставен|не вдалося доставити|no s.ha pogut lliurar|nepavyko pristatyti|neizdev[āa]s pieg[āa]d[āa]t',
  'kh[ôo]ng (?:th[ểe] )?(?:g[ửu]i|chuy[ểe]n)|ไม่สามารถ(?:นำ)?ส่ง|تعذر (?:تسليم|توصيل)|فشل (?:التسليم|تسليم)|לא ניתן (?:למסור|להעביר)|tidak dapat dikirim|gagal dikirim',
  '退信|退回|退件|(?:无法|無法|未能?)(?:送达|送達|投递|投遞|传递|傳遞|发送|發送|寄送)|(?:投递|传递|發送|发送|傳遞|投遞|寄送)(?:失败|失敗)',
  '送信できません|配信できません|配送できません|配信不能|配達不能|送信エラー|エラーメール|送信(?:に)?失敗|配信(?:に)?失敗|未配信|不達',
  '(?:전송|배달|발송|전달) ?(?:실패|되지)|반송|수신 ?실패',
];

/** Sentences of reports, in English. */
const SENTENCE_IN_ENGLISH =
  "could(?: not|n'?t) (?:be )?deliver|can(?:not|'t) be delivered|(?:was|is|were|wasn'?t|been) (?:not )?(?:able|unable) to (?:be )?deliver|unable to deliver|did not reach|" +
  '(?:was|been) not (?:yet )?(?:been )?delivered|not (?:yet )?been delivered|undeliverable|delivery (?:to|of|has|attempt|for) .{0,80}fail|failed (?:permanently|to deliver)|' +
  '(?:had|have) (?:permanent|delivery|transient).{0,20}(?:errors?|problems?)|error (?:has )?(?:occurred|delivering)|returned to (?:the )?sender|' +
  '(?:address|recipient)(?:\\(?e?s\\)?)? failed|transcript of session|delivery (?:is|has been|was) delayed|mail(?:box)? (?:is )?(?:full|not found|unknown)|unknown user|user unknown|' +
  'message you sent was rejected|(?:was|been) rejected|account is disabled|no such user|failure reasons|non-?delivered information|following (?:address|recipient|user)|' +
  // words: what other mail systems write
  "rejected (?:the |this )?recipient|could(?: not|n'?t) be sent|(?:was|were) not delivered|wasn'?t delivered|" +
  // words: what filters write to the sender of what they stopped
  'was considered unsolicited bulk|has not been delivered|delivery of the e-?mail was stopped|have not yet received your message';

const SENTENCE_ELSEWHERE: readonly string[] = [
  'zugestellt werden|nicht (?:zugestellt|(?:ü|ue)bermittelt|ausgeliefert)|zustellung .{0,40}(?:fehlgeschlagen|nicht m(?:ö|oe)glich)|fehler bei der (?:nachrichten)?zustellung|konnte nicht .{0,30}zugestellt',
  "pas pu [êe]tre (?:remis|d[ée]livr|distribu|achemin)|[ée]chec de la remise|n'a pas [ée]t[ée] (?:remis|distribu|d[ée]livr)",
  'no se (?:puede|pudo|ha podido|ha) entrega(?:r|do)\\b|error de entrega|no (?:ha |pudo |puede |fue )?(?:podido )?(?:ser |sido )?entregad',
  'n[aã]o (?:foi|p[oô]de ser) entregue|falha na entrega|n[aã]o foi poss[ií]vel entregar',
  'impossibile (?:recapitare|consegnare)|recapito non riuscito|non (?:[èe] stato|ha potuto essere) (?:possibile )?(?:recapita|consegna)|rilevato un errore [45]\\.\\d\\.\\d',
  '(?:kon|kan) niet worden (?:bezorgd|afgeleverd)|bezorging .{0,120}mislukt',
  'nie (?:została|mogła|może|można) .{0,20}dostarcz|dostarczenie .{0,120}nie powiod',
  'не (?:может быть|удалось|было) .{0,20}доставл?|доставка .{0,60}(?:не удалась|невозможна)|сообщение не доставлено',
  'kun(?:de|ne) (?:inte|ikke) leverer?(?:as?|es?)|lever(?:ansen|ingen|ing)(?: (?:till|til) .{0,80})? miss?(?:lyckades|lykkedes|lyktes)|gick inte att leverera',
  'doru[čc]en[íi] .{0,120}nezda[řr]ilo|nelze doru[čc]it|nebylo mo[žz]n[ée] doru[čc]it|nepoda[řr]ilo (?:se )?doru[čc]it',
  'toimitus ep[äa]onnistui|ei voitu toimittaa|k[ée]zbes[íi]t[ée]se .{0,60}sikertelen|teslim edilemedi|iletilemedi|δεν ήταν δυνατή η παράδοση',
  'livrarea a e[sșş]uat|nu a (?:putut fi )?livrat|ni bilo mogo[čc]e dostaviti|dostava ni uspela|nepodarilo (?:sa )?doru[čc]i[ťt]|не (?:може да бъде|беше) доставен|не вдалося доставити|no s.ha pogut lliurar|nepavyko pristatyti|neizdev[āa]s pieg[āa]d[āa]t',
  'kh[ôo]ng (?:th[ểe] )?(?:g[ửu]i|chuy[ểe]n)|ไม่สามารถ(?:นำ)?ส่ง|تعذر (?:تسليم|توصيل)|فشل (?:التسليم|تسليم)|לא ניתן (?:למסור|להעביר)|tidak dapat dikirim|gagal dikirim',
  '(?:配信|配送|送信|お届け)(?:が)?できません|配信に失敗|送信に失敗|届きませんでした|配達できません',
  '无法(?:送达|投递|传递|发送)|無法(?:送達|投遞|傳遞|傳送)|退回|未能(?:向|送达|传递)|(?:投递|传递|傳遞|發送)(?:失败|失敗)',
  '(?:전송|배달|발송|전달)(?:되지|할 수 없|하지 못|에 실패)',
];

/** A mail that still waits, one line a language. */
const DELAYS: readonly string[] = [
  'verz(?:ö|oe)gert|noch nicht (?:zugestellt|(?:ü|ue)bermittelt|ausgeliefert)|zustellversuche? .{0,40}(?:fortgesetzt|wiederholt)|weiterhin versucht|(?:wird|werden) .{0,40}erneut versuch',
  'remise diff[ée]r[ée]e|est diff[ée]r[ée]e|a [ée]t[ée] (?:retard[ée]|diff[ée]r[ée])|pas encore [ée]t[ée] (?:remis|distribu|d[ée]livr)|tentatives .{0,40}poursuiv|continuera d.essayer',
  '(?:entrega|mensaje|correo) .{0,30}(?:retrasad|demorad)|todav[íi]a no (?:se )?ha (?:podido|sido)|a[úu]n no (?:se )?ha (?:podido|sido)|(?:seguir[áa]|continuar[áa]) .{0,12}intent',
  '(?:entrega|mensagem) .{0,30}(?:atrasad|adiad)|ainda n[ãa]o (?:foi|p[ôo]de)|continuar[áa].{0,4} a tentar|continuar(?:á|emos|ão) tentando',
  '(?:recapito|consegna|messaggio) .{0,30}(?:ritardat|in ritardo|posticipat)|non .{0,30}ancora (?:stato )?(?:recapitat|consegnat)|continuer(?:à|emo) a (?:provare|tentare)',
  'bezorging .{0,40}vertraagd|(?:is|wordt) vertraagd|nog niet (?:bezorgd|afgeleverd|kunnen worden)|blijft .{0,30}proberen|blijven proberen',
  'op[óo][źz]nion|jeszcze nie (?:zosta|dostar)|nie zosta[łl]a? jeszcze|ponawia|kolejne pr[óo]by',
  'задерж|отложен|ещ[её] не (?:доставлен|был)|попыт.{0,40}(?:продолж|повтор)|будет повтор',
  'f[öo]rdr[öo]j|f[öo]rsena[dt]|forsinke[dlt]|utsatt|[äa]nnu inte (?:kunnat )?levere|endnu ikke (?:blevet )?levere|enn[åa] ikke (?:blitt )?lever|fors[öo]ker? igen|pr[øo]ver igen|forts[äa]tter .{0,20}f[öo]rs[öo]k',
  'zpo[žz]d[ěe]n|odlo[žz]en|dosud nebyl|zat[íi]m nebyl|pokusy o doru[čc]en[íi] .{0,20}pokra[čc]uj|viivästy|k[ée]slelte|k[ée]sedelme|m[ée]g nem (?:siker[üu]lt|k[ée]zbes)|gecik|ertelendi|hen[üu]z teslim|καθυστ',
  '(?:配信|配送|送信|配達).{0,8}(?:遅延|遅れ|保留)|遅延して|まだ(?:配信|配送|送信)|引き続き.{0,16}(?:試|配信)|再送を(?:試|続)',
  '(?:投递|投遞|发送|發送|传递|傳遞|邮件|郵件).{0,6}(?:延迟|延遲)|尚未(?:送达|送達|投递|投遞|传递|傳遞)|(?:继续|繼續)(?:尝试|嘗試)|(?:배달|전송|발송).{0,6}지연|계속 (?:시도|재시도)',
];
/** … and one that waits no longer. */
const ENDS =
  'endg[üu]ltig|dauerhaft|d[ée]finiti[vf]|permanente?\\b|definitiv|aufgegeben|abgebrochen|abandonn|desistid|opgegeven|ostateczn|окончательн|постоянн|不再|永久|中止';

export const DELAY_ELSEWHERE = new RegExp(DELAYS.join('|'), 'i');
export const FINAL_ELSEWHERE = new RegExp(ENDS, 'i');

export const NOTICE_SUBJECT = new RegExp([SUBJECT_IN_ENGLISH, ...SUBJECT_ELSEWHERE].join('|'), 'i');
export const NOTICE_SENTENCE = new RegExp([SENTENCE_IN_ENGLISH, ...SENTENCE_ELSEWHERE].join('|'), 'i');
