// This file fills in placeholders as the providers do, so that a rehearsal shows what happens to text that only looks like one.

export type Lookup = (name: string) => string | undefined;

export type MergeSyntax = 'sparkpost' | 'elastic-email' | 'handlebars' | 'mailchimp';

const PLACEHOLDER: Record<MergeSyntax, RegExp> = {
  sparkpost: /\{\{\{?\s*([A-Za-z_][\w.]*)\s*\}?\}\}/g,
  'elastic-email': /\{([A-Za-z_]\w*)\}/g,
  handlebars: /\{\{\{?\s*([A-Za-z_]\w*)\s*\}?\}\}/g,
  mailchimp: /\*\|([A-Za-z_]\w*)\|\*/g,
};

/** Replaces placeholders; a name that nobody gave becomes empty, as at the providers. */
export function merge(content: string, syntax: MergeSyntax, lookup: Lookup): string {
  return content.replace(PLACEHOLDER[syntax], (_, name: string) => lookup(name) ?? '');
}

/** SparkPost cannot build a message whose double braces do not close or hold anything but an expression. */
export function sparkpostSyntaxError(content: string): string | null {
  let at = content.indexOf('{{');
  while (at >= 0) {
    const end = content.indexOf('}}', at);
    if (end < 0) return 'substitution failed: "{{" without "}}"';
    const inner = content.slice(at, end).replace(/^\{+/, '').trim();
    if (!/^(?:[#/!]?\s*)?[A-Za-z_][\w.\s'"()=!<>&|,-]*$/.test(inner))
      return `substitution failed: "${inner.slice(0, 40)}" is no expression`;
    at = content.indexOf('{{', end + 2);
  }
  return null;
}
