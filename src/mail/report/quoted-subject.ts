// This file takes the subject of the returned message out of a notice that repeats it ("The subject of the message is: …"). A newsletter about full mailboxes must not make the report
// about its delay one about a full mailbox.

/** The label of the line, in the languages of the servers that write it. */
const SUBJECT_LINE =
  /^[ \t>*•|]{0,12}(?:the )?(?:message )?(?:subject|betreff|objet|asunto|assunto|oggetto|onderwerp|temat|[äa]mne|emne|p[řr]edm[ěe]t|тема|件名|主题|主旨|제목)(?: of (?:the|your) (?:message|mail))?(?: (?:is|was|line))?[ \t]{0,8}[:：][^\n]*$/gim;

/** The notice without such lines. Time grows with its length. */
export function withoutQuotedSubject(notice: string): string {
  return notice.replace(SUBJECT_LINE, '');
}
