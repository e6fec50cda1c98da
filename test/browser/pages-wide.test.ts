// This file looks at every page on a desk's screen, in both themes and both languages.
import { everyPage } from './every-page.ts';

everyPage([
  { theme: 'light', width: 1440, lang: 'en' },
  { theme: 'dark', width: 1440, lang: 'de' },
]);
