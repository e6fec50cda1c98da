// This file writes times: for people in their own zone, for machines in <time datetime>, in UTC on hover and focus.
import { useNow } from '../clock.ts';
import { type Format, formats } from '../format.ts';
import { useScreen } from '../screen.ts';

const made: Partial<Record<'en' | 'de', Format>> = {};

/** Number and time writers in the person's language. */
export function useFormat(): Format {
  const { lang } = useScreen();
  const format = made[lang] ?? formats(lang);
  made[lang] = format;
  return format;
}

interface TimeProps {
  /** ISO 8601. */
  readonly at: string;
  /** `when`: as far away as a person would say it; `precise`: to the tenth; `clock`: hour and minute; `second`. */
  readonly as?: 'when' | 'precise' | 'clock' | 'second';
  /** Words to show instead of the time itself. */
  readonly children?: string;
  /** True where the time is not inside a link or a table row that takes the focus itself. */
  readonly focusable?: boolean;
}

export function Time({ at, as = 'when', children, focusable = false }: TimeProps) {
  const format = useFormat();
  const now = useNow();
  const ms = Date.parse(at);
  const words = children ?? (as === 'when' ? format.when(ms, now) : format[as](ms));
  return (
    // The date in UTC is worth a stop of the tab key where nothing else takes it.
    <time dateTime={at} data-utc={format.utc(ms)} {...(focusable ? { tabIndex: 0 } : {})}>
      {words}
    </time>
  );
}
