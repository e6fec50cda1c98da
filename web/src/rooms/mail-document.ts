// This file wraps a mail's HTML for the sandboxed frame. The frame has no scripts, no origin and no forms; a policy inside it keeps it from
// asking anybody for anything. The desk's own policy says the same for pictures, so looking at a message never tells its sender.

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The document for `srcdoc`. */
export function mailDocument(html: string): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer"><base target="_blank"><body>${html}`;
}

/** True when pictures were left out: the API keeps those that are part of the message and takes the address of all others away. */
export function lacksPictures(html: string): boolean {
  return /<img\b(?![^>]*\ssrc\s*=)/i.test(html);
}
