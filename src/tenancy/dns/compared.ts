// This file holds the forms that comparing records speaks in: what is expected, what was found, and what came of it.
import type { Language } from '../../language.ts';
import type { DnsAnswer, MailExchanger } from './lookup.ts';
import type { MistakeCode } from './mistake-codes.ts';
import { type Mistake, type MistakeFacts, mistakeWords } from './mistakes.ts';

export type RecordPurpose = 'ownership' | 'dkim' | 'return-path' | 'spf' | 'dmarc' | 'mta-sts' | 'tls-rpt' | 'provider';

export interface ExpectedRecord {
  readonly purpose: RecordPurpose;
  readonly type: 'TXT' | 'CNAME' | 'MX';
  /** The full name, without the final dot. */
  readonly host: string;
  /** TXT: the text as one piece · CNAME: the target · MX: "10 mx.example.org". */
  readonly value: string;
  /** A name that waits for its key: an empty one behind it is right. */
  readonly spare?: true;
}

export type ComparedState = 'ok' | 'missing' | 'different' | 'conflict' | 'unreachable';

export interface Compared {
  readonly state: ComparedState;
  /** What stands at the host, as people would read it. */
  readonly found: readonly string[];
  readonly mistake: Mistake | null;
}

/** What was seen around one expected record. Answers that nobody asked for are null. */
export interface FoundRecords {
  /** TXT at the host (aliases followed). */
  readonly txt: DnsAnswer<string> | null;
  /** The CNAME at the host itself. */
  readonly cname: DnsAnswer<string> | null;
  readonly mx: DnsAnswer<MailExchanger> | null;
  /** A and AAAA at the host, when no CNAME shows there. */
  readonly addresses: readonly string[];
  /** Kinds of other records at a host that has a CNAME. */
  readonly beside: readonly string[];
  /** Where else the wanted value, or one that means to be it, was found: names people type by mistake. */
  readonly elsewhere: readonly { readonly host: string; readonly doubled: boolean; readonly value: string }[];
  /** What shows at the host shows at a name nobody uses, too: it is a wildcard's. */
  readonly wildcard: boolean;
  /** What the SPF record at the host costs and reaches. */
  readonly spf: SpfReach | null;
}

export interface SpfReach {
  readonly lookups: number;
  /** Names that do not exist. */
  readonly voids: number;
  /** Names of records that let pass whom they name, through all includes. */
  readonly included: readonly string[];
  /** The first term of the record itself that leads to an error (RFC 7208 §5.2); null: none does. */
  readonly broken: string | null;
}

export const NOTHING_FOUND: FoundRecords = {
  txt: null,
  cname: null,
  mx: null,
  addresses: [],
  beside: [],
  elsewhere: [],
  wildcard: false,
  spf: null,
};

/** Makes the function that tells a mistake about one record. */
export function mistaken(expected: ExpectedRecord, found: FoundRecords, language: Language) {
  return (state: ComparedState, code: MistakeCode, facts: Partial<MistakeFacts> = {}, seen: readonly string[] = []): Compared => {
    const { host, type, value } = expected;
    const whole: MistakeFacts = {
      host,
      type,
      value,
      seen: seen.join(' · '),
      seenHost: found.elsewhere[0]?.host ?? '',
      better: value,
      detail: '',
      ...facts,
    };
    return { state, found: seen, mistake: { code, ...mistakeWords(code, whole, language), facts: whole } };
  };
}
