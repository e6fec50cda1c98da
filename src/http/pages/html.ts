// This file holds the frame of the few pages the server renders itself; they work without scripts.

const STYLE = `body{font:16px/1.6 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1.5rem;color-scheme:light dark}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}pre{overflow-x:auto;padding:.75rem;border:1px solid #8886;border-radius:4px}
h2{margin-top:3rem;border-bottom:1px solid #8886}h3{margin:2.5rem 0 .25rem}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid #8883}summary{cursor:pointer}
.method{font-weight:600;display:inline-block;min-width:4.5rem}nav a{margin-right:1rem;white-space:nowrap}.note{opacity:.75}`;

/** Text as it may stand in a page, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A whole page around a body that is HTML already. */
export function pageOfHtml(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} · Packetboat</title><style>${STYLE}</style></head>
<body><main>${body}</main></body></html>\n`;
}
