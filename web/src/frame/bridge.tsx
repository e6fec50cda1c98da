// This file is the bridge: five instruments, taken in, handed over, oldest waiting, ledger balanced, find. It never shows anything else.
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Overview } from '../api/model.ts';
import { overviewQuery } from '../api/queries.ts';
import { setDeskTime } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Glyph } from '../desk/glyphs.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { frameWords } from '../words/frame.words.ts';

/** The Blue Peter: about to sail. */
export function Flag() {
  return (
    <svg className="peter" viewBox="0 0 18 18" aria-hidden="true">
      <rect className="fl" width="18" height="18" />
      <rect className="wh" x="5.5" y="5.5" width="7" height="7" />
    </svg>
  );
}

export function Bridge({ onFind }: { readonly onFind: () => void }) {
  const words = useWords(frameWords);
  const { data, isError } = useQuery(overviewQuery);
  useEffect(() => {
    if (data !== undefined) setDeskTime(data.now);
  }, [data]);
  return (
    <header className="bridge">
      <A className="mark" href={paths.home()}>
        <Flag />
        Packetboat
      </A>
      {data === undefined ? null : <Throughput overview={data} />}
      <LedgerInstrument overview={data} silent={isError} />
      <button type="button" className="find" onClick={onFind}>
        <Glyph name="find" />
        {words.find} <kbd>Ctrl K</kbd>
      </button>
    </header>
  );
}

function Throughput({ overview }: { overview: Overview }) {
  const words = useWords(frameWords);
  const format = useFormat();
  const { transactional_s: transactional, bulk_s: bulk } = overview.oldest_waiting;
  return (
    <>
      <div className="inst hide-s">
        <span>{words.takenIn}</span>
        <b>{words.aMinute(format.int(overview.taken_in_last_minute))}</b>
      </div>
      <div className="inst hide-s">
        <span>{words.handedOver}</span>
        <b>{format.int(overview.handed_over_last_minute)}</b>
      </div>
      <div className="inst opt hide-s">
        <span>{words.oldest}</span>
        {transactional === null && bulk === null ? <b>{words.nobodyWaits}</b> : null}
        {transactional === null ? null : (
          <>
            <b>{format.wait(transactional)}</b>
            <span>{words.transactional}</span>
          </>
        )}
        {bulk === null ? null : (
          <>
            <b>{format.wait(bulk)}</b>
            <span>{words.bulk}</span>
          </>
        )}
      </div>
    </>
  );
}

function LedgerInstrument({ overview, silent }: { overview: Overview | undefined; silent: boolean }) {
  const words = useWords(frameWords);
  const format = useFormat();
  if (silent) {
    return (
      <div className="inst last wrong" role="status">
        <Glyph name="no" />
        <b>{words.noAnswer}</b>
      </div>
    );
  }
  const difference = overview?.ledger.difference ?? null;
  const checked = overview?.ledger.checked_at ?? null;
  if (difference === null || checked === null) {
    return (
      <div className="inst last">
        <span>{words.ledgerUnknown}</span>
      </div>
    );
  }
  return (
    <div className={difference === 0 ? 'inst last' : 'inst last wrong'}>
      <Glyph name={difference === 0 ? 'yes' : 'no'} />
      <b>{difference === 0 ? words.balanced : words.unbalanced(format.int(Math.abs(difference)))}</b>
      <span>{format.second(Date.parse(checked))}</span>
    </div>
  );
}
