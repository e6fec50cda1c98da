// This file holds the texts of files made of lists.
import { catalogue } from './words.ts';

export const csvWords = catalogue({
  failed: [
    (why: string) => `There is no file, for not all rows could be had. ${why}`,
    (why: string) => `Es gibt keine Datei, denn nicht alle Zeilen waren zu bekommen. ${why}`,
  ],
});
