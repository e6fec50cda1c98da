// This file reads one attachment of a JSON submission: a file name, a media type (RFC 2045 §5.1) and base64 content.
import { AppError } from '../errors.ts';
import type { Parsed } from './parsed.ts';

export interface Attachment {
  readonly filename: string;
  /** `type/subtype`, parameters allowed. */
  readonly contentType: string;
  readonly content: Buffer;
  /** For `cid:` links of the html; such an attachment is shown inline. Without angle brackets. */
  readonly contentId: string | null;
}

const FILENAME_CHARS_MAX = 255;
const CONTENT_ID_CHARS_MAX = 255;
const MEDIA_TYPE =
  /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}(?: ?; ?[\w!#$&^.+-]{1,60}=(?:[\w!#$&^.+-]{1,100}|"[\w !#$&^.+:/-]{0,100}"))*$/;

/** Reads one attachment; `field` (`attachments[2]`) names it in the error MAIL_ATTACHMENT_INVALID. */
export function parseAttachment(
  input: { readonly filename: string; readonly content_type: string; readonly content: string; readonly content_id?: string | undefined },
  field: string,
): Parsed<Attachment> {
  const filename = input.filename.trim();
  if (filename === '' || filename.length > FILENAME_CHARS_MAX || /[\p{Cc}/\\]/u.test(filename)) {
    return refuse(field, `A file name is 1 to ${FILENAME_CHARS_MAX} characters without slashes, backslashes and control characters.`);
  }
  if (!MEDIA_TYPE.test(input.content_type)) return refuse(field, 'content_type is not a media type such as application/pdf.');
  // A multipart has parts of its own; as one blob of base64 it is not allowed (RFC 2045 §6.4).
  if (/^multipart\//i.test(input.content_type)) return refuse(field, 'A multipart cannot be an attachment; attach its parts.');
  const contentId = input.content_id?.trim().replace(/^<(.*)>$/, '$1') ?? null;
  if (contentId !== null && (contentId.length > CONTENT_ID_CHARS_MAX || !/^[!-;=?-~]+$/.test(contentId))) {
    return refuse(field, 'content_id is printable ASCII without blanks and angle brackets.');
  }
  const content = decodeBase64(input.content);
  if (content === null) return refuse(field, 'content is not base64.');
  return { ok: true, value: { filename, contentType: input.content_type, content, contentId } };
}

/** Strict, but line breaks between groups are allowed, as command line tools write them. Buffer.from would drop wrong characters silently. */
function decodeBase64(text: string): Buffer | null {
  const dense = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  if (dense.length % 4 !== 0) return null;
  const content = Buffer.from(dense, 'base64');
  const padding = dense.endsWith('==') ? 2 : dense.endsWith('=') ? 1 : 0;
  return content.length === (dense.length / 4) * 3 - padding && !/[^A-Za-z0-9+/=]/.test(dense) ? content : null;
}

function refuse(field: string, message: string): { ok: false; error: AppError } {
  return { ok: false, error: new AppError('MAIL_ATTACHMENT_INVALID', message, { field }) };
}
