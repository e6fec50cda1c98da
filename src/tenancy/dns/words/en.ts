// This file holds the words for every mistake in a DNS record in English.
import type { MistakeWordList } from './word-list.ts';

export const ENGLISH_MISTAKE_WORDS: MistakeWordList = {
  'not-published': {
    message: 'There is no {type} record at {host} yet.',
    next: 'Add it as shown. Where it was added just now, wait some minutes and check again.',
  },
  'no-answer': {
    message: 'The name servers of {host} do not answer: {detail}.',
    next: 'Nothing to do yet: what was known before still counts, and it is checked again. If it lasts, ask whoever runs your DNS.',
  },
  'doubled-domain': {
    message: 'The record stands at {seenHost}: the domain was added twice.',
    next: 'Your DNS host adds the domain by itself. Enter only the part before it as the name, so that the record stands at {host}.',
  },
  'wrong-host': {
    message: 'The record stands at {seenHost}; it belongs at {host}.',
    next: 'Add the record with the right name, then remove the one at {seenHost}.',
  },
  'wrong-type': {
    message: 'At {host} the right value stands in a {detail} record; it belongs in a {type} record.',
    next: 'Remove the {detail} record and add a {type} record with the same name and value.',
  },
  'wildcard-answers': {
    message:
      'There is no {type} record at {host} yet. What shows there ({seen}) comes from a wildcard record ("*"), which answers for every name.',
    next: 'Add the record as shown; it comes before the wildcard, which may stay.',
  },
  'quotes-in-value': {
    message: 'Quotation marks stand inside the value: {seen}',
    next: 'Edit the record and paste the value without the quotation marks.',
  },
  'backslashes-in-value': {
    message: 'Backslashes stand inside the value: {seen}',
    next: 'Edit the record and paste the value without backslashes; only zone files need them, forms do not.',
  },
  'spaces-in-value': {
    message: 'Blanks stand before, behind or inside the value: "{seen}"',
    next: 'Edit the record and paste the value without them.',
  },
  'trailing-dot': {
    message: 'A dot stands at the end of the value: {seen}',
    next: 'Edit the record and take the dot away.',
  },
  'letter-case': {
    message: 'Capital and small letters were changed in the value: {seen}',
    next: 'Copy the value as shown, letter by letter; some DNS forms change it while it is typed.',
  },
  'other-value': {
    message: 'Another value stands at {host}: {seen}',
    next: 'Replace it by the value shown here; where the name holds several {type} records, add this one beside them.',
  },
  'several-records': {
    message: 'Several records of this kind stand at {host}; receivers cannot know which one counts.',
    next: 'Keep the one that is shown here and remove the others.',
  },
  proxied: {
    message: 'The proxy is switched on for {host}: it answers with the addresses of the proxy instead of the alias.',
    next: 'Switch the proxy off for this record ("DNS only", the grey cloud), so that the CNAME itself is visible.',
  },
  'address-instead-of-alias': {
    message: 'At {host} stands an address ({seen}) instead of the CNAME to {value}.',
    next: 'Remove the address record of this name and add the CNAME. Where your DNS host "flattens" aliases, switch that off for this name.',
  },
  'records-instead-of-alias': {
    message: 'At {host} stands a {detail} record ({seen}) instead of the CNAME to {value}.',
    next: 'Remove the {detail} record, then add the CNAME: nothing may stand beside it.',
  },
  'target-doubled': {
    message: 'The CNAME at {host} leads to {seen}: your own domain was added to the target.',
    next: 'End the target with a dot ("{value}."), or choose the form in your DNS host in which the target is a full name.',
  },
  'other-target': {
    message: 'The CNAME at {host} leads to {seen}; it should lead to {value}.',
    next: 'Change the target of the CNAME.',
  },
  'alias-beside-records': {
    message: 'Other records stand beside the CNAME at {host}: {detail}. A CNAME has to stand alone at its name.',
    next: 'Remove the other records at {host}; what they did belongs at another name.',
  },
  'alias-at-host': {
    message: 'At {host} stands a CNAME to {seen}, so a {type} record cannot stand there.',
    next: 'Remove the CNAME, then add the {type} record. Where the CNAME has to stay, the record belongs at {seen}.',
  },
  'key-cut': {
    message: 'The DKIM key at {host} is cut off. {detail}',
    next: 'Copy the whole value again. Where your DNS host allows 255 characters a piece, split it in two pieces of one record.',
  },
  'key-in-pieces': {
    message: 'The DKIM key at {host} was put into several records, a piece in each.',
    next: 'Remove them all and add one record with the whole value. Where your DNS host allows 255 characters a piece, both pieces belong into one record.',
  },
  'key-broken': {
    message: 'The DKIM key at {host} cannot be used. {detail}',
    next: 'Delete the value and copy the one shown here again, without spaces or line breaks inside the key.',
  },
  'key-revoked': {
    message: 'The DKIM key at {host} is empty ("p="), which says that it was taken back.',
    next: 'Replace the value by the one shown here.',
  },
  'key-other': {
    message: 'At {host} stands another DKIM key than ours.',
    next: 'Replace the value by the one shown here. If the other key is in use elsewhere, ask for a new selector.',
  },
  'key-not-there': {
    message: 'The alias at {host} is right, but there is no key at its end ({seen}).',
    next: 'Nothing to do for you: the platform has to publish the key there.',
  },
  'several-spf': {
    message: 'Several SPF records stand at {host}; receivers treat that as an error.',
    next: 'Replace them by one record: {better}',
  },
  'spf-syntax': {
    message: 'The SPF record at {host} has an error: {detail}',
    next: 'Correct it, or replace the record by: {better}',
  },
  'spf-lookups': {
    message: 'The SPF record at {host} needs {detail} look-ups; receivers stop at 10 and then treat it as an error.',
    next: 'Remove the include: of services that you no longer use, or write their addresses as ip4: where they never change.',
  },
  'spf-voids': {
    message: 'The SPF record at {host} asks for {detail} names that do not exist; receivers allow 2.',
    next: 'Remove the include:, a: and mx: of names that no longer exist.',
  },
  'spf-include-broken': {
    message:
      'The SPF record at {host} asks for {detail}, and there is no SPF record that can be used; receivers then treat all of it as an error.',
    next: 'Replace the record by: {better}',
  },
  'spf-open': {
    message: 'The SPF record at {host} allows the whole internet to write in your name ("+all").',
    next: 'Replace the record by: {better}',
  },
  'spf-not-included': {
    message: 'The SPF record at {host} does not name us yet: {seen}',
    next: 'Replace it by: {better}',
  },
  'spf-after-all': {
    message: 'In the SPF record at {host} our part stands behind "all", where nobody reads any more.',
    next: 'Replace the record by: {better}',
  },
  'several-dmarc': {
    message: 'Several DMARC records stand at {host}; receivers then use none of them.',
    next: 'Keep one and remove the others.',
  },
  'dmarc-syntax': {
    message: 'The DMARC record at {host} does not count: {detail}',
    next: 'Replace it by the value shown here.',
  },
  'report-address-missing': {
    message: 'The record at {host} is right, but reports do not come to us: {seen}',
    next: 'Replace it by: {better}',
  },
  'record-syntax': {
    message: 'The record at {host} does not count: {detail}',
    next: 'Replace it by the value shown here.',
  },
  'other-exchangers': {
    message: 'Mail for {host} goes to {seen}; it should go to {value}.',
    next: 'Change the MX record of this name.',
  },
  'more-exchangers': {
    message: 'Mail for {host} also goes to {seen}, so some of it never reaches us.',
    next: 'Remove the other MX records of this name.',
  },
};
