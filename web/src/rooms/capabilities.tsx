// This file says what a provider can do and what it cannot, with the reason, as its adapter declares it.
import type { ProviderInfo } from '../api/model.ts';
import { Glyph } from '../desk/glyphs.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { useWords } from '../screen.ts';
import { accountFormWords } from '../words/account-form.words.ts';

const NAMES = [
  'needsAuthenticatedDomain',
  'acceptsVerifiedAddress',
  'rawMime',
  'preservesMime',
  'ipPools',
  'subaccounts',
  'idempotency',
  'deliveryEvents',
] as const;

export function Capabilities({ provider }: { readonly provider: ProviderInfo }) {
  const words = useWords(accountFormWords);
  const format = useFormat();
  const { capabilities, cannot } = provider;
  const able = NAMES.filter((name) => capabilities[name]).map((name) => words[name]);
  if (capabilities.webhookSignature !== 'none') able.push(words.webhookSignature);
  able.push(words.batchMax(format.int(capabilities.batchMax)));
  if (capabilities.sizeMaxBytes !== null) able.push(words.sizeMaxBytes(format.bytes(capabilities.sizeMaxBytes)));
  return (
    <Section id="can" title={words.can} question={words.canQuestion}>
      <div className="cols c2">
        <ul>
          {able.map((text) => (
            <li key={text} className="able">
              <Glyph name="yes" />
              <span>{text}</span>
            </li>
          ))}
        </ul>
        <ul>
          {cannot.map(({ what, reason }) => (
            <li key={what} className="able">
              <Glyph name="no" />
              <span>
                <b>{what}</b> <span className="mute">{reason}</span>
              </span>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}
