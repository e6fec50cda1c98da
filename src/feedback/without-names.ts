// This file takes the names out of a reply's words: host names, links and products. A server called "mx1.antispam.example" that says "user unknown" says nothing of spam; only the
// rules that ask for a name (`names` in rules/rule.ts) see it.

/** What stands for a host: it keeps the form, so that "nowhere.example does not exist" is still a sentence about a domain. */
const HOST = 'name.example';
const LINK = /\bhttps?:\/\/[^\s<>"')\]]{1,400}|\bwww\.[^\s<>"')\]]{1,400}/g;
/** At most nine labels, each begun only where no other name is under way, so that the time stays linear. */
const NAME = /(?<![\w.@-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?![\w-])/g;
/** Two labels are as often a full stop without a blank ("is_blocked.for help"): only a known end makes a name of them. */
const TWO_LABELS = /^[\w-]+\.(?:com|net|org|edu|gov|info|biz|mil|int|eu|example|test|lan|internal|localdomain|cloud|online|[a-z]{2})$/;
const FILE = /\.(?:exe|zip|rar|js|vbs|scr|bat|com\.exe|docm?|xlsm?|pdf|iso|html?|php|cgi)$/;
/** The product that answers, in brackets: "User unknown (SpamExperts)". */
const PRODUCT =
  /[([](?:[\w .&+/-]{0,40}\b)?(?:spam ?(?:experts|titan|hero|drain|ina|wall|stopper)|mailspike|fortimail|(?:anti-?)?(?:spam|virus|malware)(?: ?(?:&|and|\/|\+) ?(?:anti-?)?(?:spam|virus|malware))? (?:firewall|gateway|appliance|server|service|proxy|cloud))\b[\w .&+/-]{0,40}[)\]]/g;

/** The words without names. Pure; time grows with the length of the words. */
export function withoutNames(words: string): string {
  const bare = words.includes('(') || words.includes('[') ? words.replace(PRODUCT, '') : words;
  if (!bare.includes('.') && !bare.includes('://')) return bare;
  return bare.replace(LINK, `http://${HOST}/`).replace(NAME, (name) => (isHost(name) ? HOST : name));
}

function isHost(name: string): boolean {
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  if (!/^[a-z]{2,24}$/.test(last) || FILE.test(name)) return false;
  return labels.length > 2 ? labels.every((label) => label !== '') : TWO_LABELS.test(name);
}
