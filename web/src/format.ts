// This file writes numbers, rates and times for people. Thousands by language, no-break space before units, never 100 % while one is left,
// no rate under 200, times in the viewer's zone.
import type { Lang } from './words/words.ts';

const NBSP = '\u00a0';
/** Under this many there is no rate, only "1 of 199". */
const RATE_N_MIN = 200;
/** From this many on a rate stands without its range. */
const RANGE_N_MAX = 10_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Rate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

export type Format = ReturnType<typeof formats>;

/** Writers for one language and one time zone (IANA name; the viewer's own when left out). */
export function formats(lang: Lang, timeZone?: string) {
  const locale = lang === 'en' ? 'en-GB' : 'de-DE';
  const zone = timeZone === undefined ? {} : { timeZone };
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const decimal = (digits: number) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const three = decimal(3);
  const two = decimal(2);
  const one = decimal(1);
  const write = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...zone, hourCycle: 'h23', ...options });
  const clock = write({ hour: '2-digit', minute: '2-digit' });
  const second = write({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const week = write({ weekday: 'short' });
  const date = write({ day: 'numeric', month: 'long' });
  const dateYear = write({ day: 'numeric', month: 'long', year: 'numeric' });
  const longDate = write({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const calendarDate = write({ timeZone: 'UTC', day: 'numeric', month: 'long' });
  const calendarDateYear = write({ timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
  const key = new Intl.DateTimeFormat('en-CA', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit' });

  const int = (value: number) => whole.format(value);
  const day = (at: number, now: number) => (key.format(at).slice(0, 4) === key.format(now).slice(0, 4) ? date : dateYear).format(at);
  const sameDay = (a: number, b: number) => key.format(a) === key.format(b);
  // By the calendar: where the clocks change, a day has 23 or 25 hours.
  const nextDay = (at: number, now: number) => Date.parse(key.format(at)) === Date.parse(key.format(now)) + DAY;
  const tenth = (at: number) => Math.floor((at % 1000) / 100);
  const dot = lang === 'en' ? '.' : ',';

  /** Part of a whole in percent with two digits; a share that is not all is never written as all. */
  const share = (part: number, of: number) => {
    if (part === of) return `100${NBSP}%`;
    const percent = (part / of) * 100;
    if (part > 0 && percent < 0.01) return `<${NBSP}${two.format(0.01)}${NBSP}%`;
    return `${two.format(Math.min(percent, 99.99))}${NBSP}%`;
  };

  return {
    lang,
    int,
    share,
    /** Zero in a table is a middle dot, so that numbers stand out. */
    cell: (value: number) => (value === 0 ? '·' : int(value)),
    of: (part: number, all: number) => (lang === 'en' ? `${int(part)} of ${int(all)}` : `${int(part)} von ${int(all)}`),
    /** A rate 0..1 as its headline figure; under 200 it is a count. */
    rate: (rate: Rate) =>
      rate.n < RATE_N_MIN
        ? `${int(Math.round(rate.value * rate.n))}${lang === 'en' ? ' of ' : ' von '}${int(rate.n)}`
        : share(rate.value * rate.n, rate.n),
    /** What belongs beside it: likely range and n, or nothing under 200. */
    range: (rate: Rate) => {
      if (rate.n < RATE_N_MIN) return null;
      const span = `${two.format(Math.min(rate.low * 100, 99.99))} ${lang === 'en' ? 'to' : 'bis'} ${two.format(rate.high >= 1 && rate.value < 1 ? 99.99 : rate.high * 100)}${NBSP}%`;
      if (rate.n >= RANGE_N_MAX) return span;
      return lang === 'en' ? `likely ${span}, of ${int(rate.n)}` : `wahrscheinlich ${span}, von ${int(rate.n)}`;
    },
    /** The interval as a sentence says it: "between 99.5 and 99.9 %"; null under 200. */
    between: (rate: Rate) => {
      if (rate.n < RATE_N_MIN) return null;
      const width = rate.high - rate.low;
      const digits = width < 0.0002 ? three : width < 0.002 ? two : one;
      const write = (part: number) => digits.format(Math.min(part * 100, rate.value < 1 ? 99.99 : 100));
      const [low, high] = [write(Math.max(0, rate.low)), write(rate.high)];
      return lang === 'en' ? `between ${low} and ${high}${NBSP}%` : `zwischen ${low} und ${high}${NBSP}%`;
    },
    clock: (at: number) => clock.format(at),
    second: (at: number) => second.format(at),
    longDate: (at: number) => longDate.format(at),
    /** 13:02:08.1 */
    precise: (at: number) => `${second.format(at)}${dot}${tenth(at)}`,
    /** 08.4, for use below a precise time of the same minute. */
    withinMinute: (at: number) => `${second.format(at).slice(-2)}${dot}${tenth(at)}`,
    sameDay,
    /** Past: "38 min", "13:02", "Tue 21:10", "12 March". Future: always a clock time. */
    when: (at: number, now: number) => {
      const age = now - at;
      if (age >= 0 && age < MINUTE) return lang === 'en' ? 'just now' : 'gerade eben';
      if (age > 0 && age < HOUR) return `${Math.floor(age / MINUTE)}${NBSP}min`;
      if (sameDay(at, now)) return clock.format(at);
      if (age < 0) {
        if (nextDay(at, now)) return `${lang === 'en' ? 'tomorrow' : 'morgen'} ${clock.format(at)}`;
        return age > -6 * DAY ? `${week.format(at)} ${clock.format(at)}` : `${day(at, now)}, ${clock.format(at)}`;
      }
      return age < 6 * DAY ? `${week.format(at)} ${clock.format(at)}` : day(at, now);
    },
    /** A point in the past as it stands after "since": "13:02", "Tue 21:10", "12 March". */
    since: (at: number, now: number) =>
      sameDay(at, now) ? clock.format(at) : now - at < 6 * DAY ? `${week.format(at)} ${clock.format(at)}` : day(at, now),
    /** What lies ahead, as it stands in a sentence: "at 14:53", "tomorrow at 13:02", "on 12 March at 09:00". */
    ahead: (at: number, now: number) => {
      const hour = lang === 'en' ? `at ${clock.format(at)}` : `um ${clock.format(at)} Uhr`;
      if (sameDay(at, now)) return hour;
      if (nextDay(at, now)) return `${lang === 'en' ? 'tomorrow' : 'morgen'} ${hour}`;
      return `${lang === 'en' ? 'on' : 'am'} ${day(at, now)} ${hour}`;
    },
    /** A point in time that stays true: today "today at 13:02:08", else "on 12 March at 13:02". For sentences. */
    moment: (at: number, now: number) => {
      if (sameDay(at, now)) return lang === 'en' ? `today at ${second.format(at)}` : `heute um ${second.format(at)} Uhr`;
      return lang === 'en' ? `on ${day(at, now)} at ${clock.format(at)}` : `am ${day(at, now)} um ${clock.format(at)} Uhr`;
    },
    day,
    /** A day that is counted in UTC, by its beginning: "1 March" wherever the viewer is. */
    calendarDay: (at: number, now: number) =>
      (new Date(at).getUTCFullYear() === new Date(now).getUTCFullYear() ? calendarDate : calendarDateYear).format(at),
    utc: (at: number) => `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`,
    /** How long, as it stands after "after": 0.3 s, 13 s, 6:12, 5 h 20 min, 3 days. */
    lapse: (ms: number) => {
      if (ms < 10_000) return `${one.format(ms / 1000)}${NBSP}s`;
      if (ms < MINUTE) return `${Math.round(ms / 1000)}${NBSP}s`;
      if (ms < HOUR) return span(Math.floor(ms / 1000));
      if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)}${NBSP}h ${Math.floor((ms % HOUR) / MINUTE)}${NBSP}min`;
      return `${Math.floor(ms / DAY)}${NBSP}${lang === 'en' ? 'days' : 'Tagen'}`;
    },
    /** How long somebody waits: always minutes and seconds under an hour. */
    wait: (seconds: number) =>
      seconds < 3600 ? span(Math.floor(seconds)) : `${Math.floor(seconds / 3600)}${NBSP}h ${Math.floor((seconds % 3600) / 60)}${NBSP}min`,
    /** Size in bytes: 840 bytes, 18.4 kB, 3.1 MB. */
    bytes: (size: number) => {
      if (size < 1000) return `${int(size)}${NBSP}${lang === 'en' ? 'bytes' : 'Byte'}`;
      return size < 1_000_000 ? `${one.format(size / 1000)}${NBSP}kB` : `${one.format(size / 1_000_000)}${NBSP}MB`;
    },
  };
}

function span(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
