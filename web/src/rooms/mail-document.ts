// This file wraps a mail's HTML for the sandboxed frame. The frame has no scripts, no origin and no forms; a policy inside it keeps it from
// asking anybody for anything. The desk's own policy says the same for pictures, so looking at a message never tells its sender.

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The document for `srcdoc`. */
export function mailDocument(html: string): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer"><base target="_blank"><body>${html}`;
}

/** True when the mail names pictures that lie elsewhere. */
export function namesRemotePictures(html: string): boolean {
  return REMOTE.some((pattern) => pattern.test(html));
}

const REMOTE = [
  /<img\b[^>]*\bsrc\s*=\s*["']?\s*(?:https?:)?\/\//i,
  /url\(\s*["']?(?:https?:)?\/\//i,
  /\bbackground\s*=\s*["']?\s*(?:https?:)?\/\//i,
];
