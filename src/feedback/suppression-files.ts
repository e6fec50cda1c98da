// This file is the registry of forms in which lists of held addresses come and go: our own CSV, and those of providers. A form reads text piece by
// piece and says for every row what it means or why it cannot be taken, with its line; it decides nothing about holds that stand.

import { csvFile } from './suppression-csv.ts';
import type { SuppressionFileFormat } from './suppression-file.ts';
import { elasticEmailFile } from './suppression-formats/elastic-email.ts';
import { mandrillFile } from './suppression-formats/mandrill.ts';
import { sparkpostFile } from './suppression-formats/sparkpost.ts';

/** Every form, by name. A provider's form is one more line here. */
export const SUPPRESSION_FILE_FORMATS: Readonly<Record<string, SuppressionFileFormat>> = {
  csv: csvFile,
  sparkpost: sparkpostFile,
  'elastic-email': elasticEmailFile,
  mandrill: mandrillFile,
};
