// This file finds where a notice in words ends and the message it returns begins. Words of the returned message (a newsletter that says "mailbox full")
// must never be read as the report's own.

/** How MTAs announce the returned message in a plain text: marks around the words, or words that end the line. Each is a whole line. */
const BORDERS = new RegExp(
  [
    // "------ This is a copy of the message, including all the headers. ------", "--- Below this line is a copy of the message."
    '[ \\t>*#=_-]{0,80}(?:(?:below (?:this line )?is |this is |here is |included is )(?:a|the) copy of|a copy of (?:the|your) (?:original )?message)[^\\n]{0,120}',
    // "----- Original message -----", "------- Returned Message --------", "--- The header of the original message is following. ---"
    `[ \\t>]{0,8}[-=*#_]{2,80}[ \\t]*(?:start of |begin(?:ning)? of |text of |(?:the )?(?:header|body)s? (?:of|from) )?(?:the |your )?(?:original|returned|unsent|undelivered|rejected|bounced|forwarded|enclosed)[ -]+(?:e-?mail|message|mail)(?! was | which | could )[^\\n]{0,80}`,
    // "|------------------------- Message text follows: ------------------------|"
    '[ \\t|]{0,4}-{5,60} ?message (?:text|header)s? follows?:? ?-{5,60}\\|?',
    // "Original message follows.", "Message headers follow.", "Your message reads (in part):"
    '[ \\t>]{0,8}(?:the |your )?(?:original |returned |unsent |undelivered |bounced |rejected )?(?:message|mail|e-?mail)(?: text| headers?)? (?:as received )?(?:follows?|reads(?: \\(in part\\))?|is (?:as follows|attached|included|following|returned)(?: below)?)[ \\t:.]{0,3}',
    '[ \\t>]{0,8}(?:original|returned|unsent|undelivered|bounced) (?:message|mail|e-?mail)(?: headers?)?[ \\t]{0,3}:',
    // Exchange in German, French, Spanish, Italian, Dutch.
    '[ \\t]{0,8}(?:urspr(?:ü|ue)ngliche (?:nachrichtenkopfzeilen|kopfzeilen)[^\\n]{0,20}|en-t[êe]tes du message d.origine[^\\n]{0,6}|encabezados de mensajes? original(?:es)?[^\\n]{0,6}|intestazioni (?:del )?messaggio originale[^\\n]{0,6}|oorspronkelijke berichtkoppen[^\\n]{0,6}):?',
    // A header block without any announcement.
    '(?:return-path|received):[ \\t]?(?:<|from|by|\\(|with)[^\\n]{0,500}',
  ]
    .map((line) => `^(?:${line})$`)
    .join('|'),
  'im',
);

/** The notice in front of the border, and what stands behind it; null where nothing came back. Time grows with the length of the text. */
export function cutReturned(text: string): { notice: string; returned: string | null } {
  const match = BORDERS.exec(text);
  if (match === null) return { notice: text, returned: null };
  const isHeader = /^(?:return-path|received):/i.test(match[0]);
  const start = isHeader ? match.index : match.index + match[0].length;
  const rest = text
    .slice(start)
    .replace(/^[\s>*#=_-]*\n/, '')
    .trimStart();
  return { notice: text.slice(0, match.index), returned: rest };
}
