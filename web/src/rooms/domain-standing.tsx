// This file shows where a sending domain stands, when it was looked at, and what can be done with the whole of it.
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { patch, post } from '../api/client.ts';
import type { Domain } from '../api/schema.gen.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { problemText } from '../desk/error-state.tsx';
import { Glyph, type GlyphName } from '../desk/glyphs.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { domainWords } from '../words/domains.words.ts';
import { DomainRemoval } from './domain-removal.tsx';
import { HeldWaiting } from './held-waiting.tsx';

interface DomainStandingProps {
  readonly domain: Domain;
  /** Hears what a look found. */
  readonly onChecked: (domain: Domain) => void;
}

export function DomainStanding({ domain, onChecked }: DomainStandingProps) {
  const words = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const looks = [
    domain.checked_at === null ? words.notSeen : words.looked(format.when(Date.parse(domain.checked_at), now)),
    ...(domain.next_check_at === null ? [] : [words.next(format.when(Math.max(now, Date.parse(domain.next_check_at)), now))]),
  ];
  return (
    <>
      <Steps domain={domain} />
      <p className="under small faint">
        {looks.join(' · ')}
        {domain.check_note === null ? null : <> · {domain.check_note}</>}
      </p>
      <HeldWaiting count={domain.held_messages} tenantId={domain.tenant_id} until="domain" sender={domain.name} />
      <Actions domain={domain} onChecked={onChecked} />
    </>
  );
}

type Step = readonly [glyph: GlyphName, text: string, here: boolean];

function Steps({ domain }: { domain: Domain }) {
  const words = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const when = (iso: string) => format.since(Date.parse(iso), now);
  const ahead = (iso: string) => format.ahead(Date.parse(iso), now);
  const { state, proven_at: proven, breaks_at: breaks } = domain;
  const steps: readonly Step[] = [
    ['delivered', words.added(when(domain.created_at)), false],
    ...(domain.vouched ? [['delivered', words.vouched, proven === null] as const] : []),
    proven === null
      ? ['queued', words.notVerified, state === 'pending']
      : ['delivered', words.verifiedAt(when(proven)), state === 'verified'],
    ...(state === 'warning' && breaks !== null ? [['deferred', words.graceUntil(ahead(breaks)), true] as const] : []),
    ...(state === 'broken' ? [['bounced', words.brokenSince(when(domain.state_since)), true] as const] : []),
  ];
  return (
    <ol className="steps" aria-label={words.standing}>
      {steps.map(([glyph, text, here]) => (
        <li key={text} className={here ? `here ${glyph}` : undefined} aria-current={here ? 'step' : undefined}>
          <Glyph name={glyph} /> {text}
        </li>
      ))}
    </ol>
  );
}

function Actions({ domain, onChecked }: DomainStandingProps) {
  const words = useWords(domainWords);
  const desk = useWords(deskWords);
  const { lang } = useScreen();
  const person = usePerson();
  const router = useRouter();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const door = person.role === 'viewer' ? ({ door: 'absent' } as const) : ({ door: 'open' } as const);
  const renew = () => client.invalidateQueries({ queryKey: ['domains'] });
  const look = async () => {
    setBusy(true);
    try {
      onChecked(await post<Domain>(`/v1/domains/${domain.id}/check?lang=${lang}`));
      sayResult(words.checkedNow);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    setBusy(false);
  };
  const vouch = async (authenticated: boolean) => {
    try {
      await patch(`/v1/domains/${domain.id}`, { authenticated, state: authenticated ? 'verified' : 'warning' });
      sayResult((authenticated ? words.vouchedNow : words.unvouchedNow)(domain.name), authenticated ? () => void vouch(false) : undefined);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const removed = async () => {
    router.history.push(paths.domains());
    sayResult(words.removed(domain.name));
    await renew();
  };
  return (
    <div className="btns bar">
      <Button kind={domain.state === 'verified' ? 'plain' : 'main'} door={door} busy={busy} onClick={() => void look()}>
        {busy ? words.checking : words.checkNow}
      </Button>
      <A className="btn" href={paths.domainReports(domain.id)}>
        {words.reports}
      </A>
      {person.ofTenant ? null : (
        <Button door={door} onClick={() => void vouch(!domain.authenticated)}>
          {domain.authenticated ? words.unvouch : words.vouch}
        </Button>
      )}
      <DomainRemoval domain={domain} door={door} onRemoved={removed} />
    </div>
  );
}
