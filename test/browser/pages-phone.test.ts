// This file looks at every page on a phone, in both themes and both languages.
import { everyPage } from './every-page.ts';

everyPage([
  { theme: 'light', width: 390, lang: 'de' },
  { theme: 'dark', width: 390, lang: 'en' },
]);
