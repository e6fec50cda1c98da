// This file turns the bytes of a report into text, piece by piece: by its byte order mark, by the pattern of UTF-16, by the encoding of the XML declaration,
// else as UTF-8. Bytes that are not valid become U+FFFD with a warning.
import type { WarningList } from './warnings.ts';

/** So many bytes are looked at before the encoding is decided; a declaration is shorter. */
const HEAD_BYTES = 256;

export interface ReportText {
  /** The text so far decodable; empty while too little is known. */
  write(bytes: Uint8Array): string;
  end(): string;
}

/** The result does not depend on how the bytes are cut. White space before the first character is dropped. */
export function makeReportText(warnings: WarningList): ReportText {
  let head: Buffer | null = Buffer.alloc(0);
  let decoder: TextDecoder | null = null;
  let started = false;
  const finish = (text: string): string => {
    if (text.includes('\uFFFD')) warnings.add('invalid-bytes');
    if (started) return text;
    const trimmed = text.replace(/^[\uFEFF\s]+/, '');
    if (trimmed !== '') started = true;
    return trimmed;
  };
  const start = (bytes: Buffer): TextDecoder => {
    head = null;
    decoder = new TextDecoder(encodingOf(bytes, warnings), { ignoreBOM: false });
    return decoder;
  };
  return {
    write(bytes) {
      if (decoder !== null) return finish(decoder.decode(bytes, { stream: true }));
      head = Buffer.concat([head ?? Buffer.alloc(0), bytes]);
      if (head.length < HEAD_BYTES) return '';
      const all = head;
      return finish(start(all).decode(all, { stream: true }));
    },
    end() {
      const rest = head ?? Buffer.alloc(0);
      return finish((decoder ?? start(rest)).decode(rest));
    },
  };
}

function encodingOf(bytes: Buffer, warnings: WarningList): string {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0x3c00 || mark === 0x7b00) return 'utf-16le';
  if (mark === 0xfeff || mark === 0x003c || mark === 0x007b) return 'utf-16be';
  const declared = /^[\s\uFEFF\xEF\xBB\xBF]*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']/.exec(
    bytes.toString('latin1', 0, HEAD_BYTES),
  )?.[1];
  // A declaration that can be read byte by byte is not UTF-16, whatever it says.
  if (declared === undefined || /^(?:utf-?(?:8|16|32)|ucs)/i.test(declared)) return 'utf-8';
  try {
    return new TextDecoder(declared).encoding;
  } catch {
    // Not an encoding known here; UTF-8 is the default of XML.
    warnings.add('unknown-encoding', declared);
    return 'utf-8';
  }
}
