// This file makes the refusals of report reading, so that each limit is told in one form.
import { AppError } from '../../errors.ts';

/** A limit of REPORT_LIMITS was met. `final` ends the reading of the whole input, not only of one report in it. */
export class ReportLimit extends AppError {
  readonly final: boolean;

  constructor(message: string, final = false) {
    super('REPORT_LIMIT', message);
    this.final = final;
  }
}

export function malformed(message: string, cause?: unknown): AppError {
  return new AppError('REPORT_MALFORMED', message, { cause });
}

export function damaged(message: string, cause?: unknown): AppError {
  return new AppError('REPORT_ARCHIVE_DAMAGED', message, { cause });
}

export function encrypted(): AppError {
  return new AppError('REPORT_ENCRYPTED', 'It is encrypted with S/MIME, and this desk has no key that opens it.');
}
