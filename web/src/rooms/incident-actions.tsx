// This file holds what can be done about an incident: say that somebody is on it, and close it.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../api/client.ts';
import type { Incident } from '../api/feedback-model.ts';
import { can } from '../can.ts';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { problemText } from '../desk/error-state.tsx';
import { TextField } from '../desk/field.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { incidentsWords } from '../words/incidents.words.ts';

export function IncidentActions({ incident }: { readonly incident: Incident }) {
  const words = useWords(incidentsWords);
  const desk = useWords(deskWords);
  const format = useFormat();
  const person = usePerson();
  const client = useQueryClient();
  const [why, setWhy] = useState('');
  const renew = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['incident', incident.id] }),
      client.invalidateQueries({ queryKey: ['incidents'] }),
      client.invalidateQueries({ queryKey: ['overview'] }),
    ]);
  const acknowledge = async () => {
    try {
      await post(`/v1/incidents/${incident.id}/acknowledge`);
      sayResult(words.acknowledged);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const close = async () => {
    await post(`/v1/incidents/${incident.id}/close`, why.trim() === '' ? {} : { why: why.trim() });
    sayResult(words.closedNow);
    await renew();
  };
  if (incident.state === 'closed') return null;
  const seen = incident.acknowledged_at !== null;
  return (
    <div className="btns bar">
      <Button
        kind={seen ? 'plain' : 'main'}
        door={can('acknowledgeIncident', seen ? 'acknowledged' : 'open', person, format.lang)}
        onClick={() => void acknowledge()}
      >
        {words.acknowledge}
      </Button>
      <Confirm
        label={words.close}
        calm
        door={can('closeIncident', incident.state, person, format.lang)}
        title={words.closeTitle}
        body={
          <>
            {words.closeBody}
            <TextField
              label={words.closeWhy}
              hint={words.closeWhyHint}
              value={why}
              onChange={(event) => setWhy(event.target.value)}
              maxLength={500}
            />
          </>
        }
        verb={words.close}
        act={close}
      />
    </div>
  );
}
