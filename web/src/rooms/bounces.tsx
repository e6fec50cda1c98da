// This file is Bounces: who was refused, by whom, in whose words, whose turn is it? For people of a tenant it is "People to fix".
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { statisticsQuery } from '../api/feedback-queries.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip } from '../desk/chips.tsx';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { answerWords } from '../words/answers.words.ts';
import { bouncesWords } from '../words/bounces.words.ts';
import { countsSearch, useAnswerFilters, without } from './answer-search.ts';
import { logLine, tenantLogLine } from './bounces.log.ts';

export { logLine };

// The sentence and the filters stand first; the evidence is loaded while they are read.
const AnswerChips = lazy(() => import('./answer-chips.tsx').then((file) => ({ default: file.AnswerChips })));
const BouncesParts = lazy(() => import('./bounces-parts.tsx').then((file) => ({ default: file.BouncesParts })));
const PeopleToFix = lazy(() => import('./people-to-fix.tsx').then((file) => ({ default: file.PeopleToFix })));

export function Bounces() {
  const words = useWords(bouncesWords);
  const answers = useWords(answerWords);
  const format = useFormat();
  const router = useRouter();
  const { ofTenant } = usePerson();
  const filters = useAnswerFilters();
  const search = useMemo(() => countsSearch(filters), [filters]);
  // One question gives the whole and the fault by receiver; a tenant is asked for by reason.
  const query = useQuery(statisticsQuery(ofTenant ? 'class' : 'mailbox_provider', search));
  return (
    <AskedPage
      title={ofTenant ? words.peopleToFix : words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={
        <RoomCrumb href={paths.bounces()} title={ofTenant ? words.peopleToFix : words.title}>
          <A href={paths.explain()}>{words.explainIt}</A>
        </RoomCrumb>
      }
      line={(data) => (ofTenant ? tenantLogLine : logLine)({ total: data.total, filters }, format)}
      above={
        <Suspense fallback={<div className="chips bar" />}>
          <AnswerChips filters={filters} href={paths.bounces} withReasons>
            {ofTenant ? null : (
              <ChoiceChip
                label={answers.hard}
                value={filters.hard ?? ''}
                options={[['true', answers.forGood]]}
                onChange={(hard) => router.history.push(paths.bounces({ ...without(filters, 'after'), hard }))}
              />
            )}
          </AnswerChips>
        </Suspense>
      }
    >
      {(data) => (
        <Suspense fallback={null}>
          {ofTenant ? <PeopleToFix data={data} filters={filters} /> : <BouncesParts data={data} filters={filters} />}
        </Suspense>
      )}
    </AskedPage>
  );
}
