// This file reads the record that says where reports about encrypted delivery go: TXT at `_smtp._tls.<domain>` (RFC 8460 §3).
import { readTagList } from './tag-list.ts';

export type TlsRptReading = { readonly ok: true; readonly rua: readonly string[] } | { readonly ok: false; readonly message: string };

const URIS_MAX = 20;

export function isTlsRptRecord(text: string): boolean {
  return /^v=TLSRPTv1\s*;/.test(text);
}

export function readTlsRptRecord(text: string): TlsRptReading {
  if (!isTlsRptRecord(text)) return { ok: false, message: 'The record does not begin with "v=TLSRPTv1;".' };
  const written = readTagList(text).tags.get('rua');
  if (written === undefined) return { ok: false, message: 'The record has no "rua=" with an address to report to.' };
  const rua = written.split(',', URIS_MAX).map((uri) => uri.trim());
  const wrong = rua.find((uri) => !/^mailto:[^\s@]+@[^\s@]+$/i.test(uri) && !/^https:\/\/\S+$/i.test(uri));
  return wrong === undefined
    ? { ok: true, rua }
    : { ok: false, message: `"${wrong}" is neither "mailto:" with an address nor "https://".` };
}
