// This file reads a stored message into what the console's preview shows: harmless html, text, and the names of attachments.
import PostalMime, { type Attachment } from 'postal-mime';
import { AppError } from '../../errors.ts';
import { sanitizeHtml } from './sanitize-html.ts';

export interface MessagePreview {
  readonly html: string | null;
  readonly text: string | null;
  readonly attachments: { filename: string; content_type: string; size: number }[];
}

/** Pictures inside the preview; larger ones would make its JSON too heavy for a browser. */
const PICTURE_BYTES_MAX = 1024 * 1024;
const PICTURES_BYTES_MAX = 5 * 1024 * 1024;
const PICTURE_TYPE = /^image\/(png|jpeg|gif|webp)$/;
const TEXT_CHARS_MAX = 1_000_000;
const NESTING_MAX = 50;
const HEADERS_BYTES_MAX = 512 * 1024;

/** What cannot be read is missing from the preview. Rejects with MAIL_MALFORMED where nothing can: parts nested too deep, headers without end. */
export async function previewOf(source: Buffer): Promise<MessagePreview> {
  const mail = await PostalMime.parse(source, {
    attachmentEncoding: 'arraybuffer',
    maxNestingDepth: NESTING_MAX,
    maxHeadersSize: HEADERS_BYTES_MAX,
  }).catch((cause: unknown) => {
    throw new AppError('MAIL_MALFORMED', 'This message cannot be taken apart, so there is no preview of it.', {
      hint: 'Look at its source instead.',
      cause,
    });
  });
  let pictureBytes = 0;
  const inlinePicture = (contentId: string): string | null => {
    const part = mail.attachments.find((attachment) => attachment.contentId?.replace(/^<|>$/g, '') === contentId);
    const bytes = part && PICTURE_TYPE.test(part.mimeType) ? bytesOf(part) : null;
    if (!part || bytes === null || bytes.length > PICTURE_BYTES_MAX || pictureBytes + bytes.length > PICTURES_BYTES_MAX) return null;
    pictureBytes += bytes.length;
    return `data:${part.mimeType};base64,${bytes.toString('base64')}`;
  };
  return {
    html: mail.html === undefined ? null : sanitizeHtml(mail.html, { inlinePicture }),
    text: mail.text?.slice(0, TEXT_CHARS_MAX) ?? null,
    attachments: mail.attachments.map((attachment) => ({
      filename: attachment.filename ?? 'unnamed',
      content_type: attachment.mimeType,
      size: bytesOf(attachment).length,
    })),
  };
}

function bytesOf(attachment: Attachment): Buffer {
  const { content } = attachment;
  return typeof content === 'string'
    ? Buffer.from(content)
    : Buffer.from(content instanceof ArrayBuffer ? new Uint8Array(content) : content);
}
