// This file counts what reading one input has cost so far, all archives and mails inside it together, and ends it at the limits.
import { REPORT_LIMITS } from './limits.ts';
import { ReportLimit } from './refusal.ts';

export interface Budget {
  /** Counts bytes that came out of an archive or a file; throws ReportLimit when there are too many. */
  read(bytes: number): void;
  /** Counts one candidate for a report. */
  candidate(): void;
}

export function makeBudget(): Budget {
  let bytesLeft: number = REPORT_LIMITS.readBytesMax;
  let candidatesLeft: number = REPORT_LIMITS.reportsMax;
  return {
    read(bytes) {
      bytesLeft -= bytes;
      if (bytesLeft < 0) throw new ReportLimit(`What is to be read is larger than ${REPORT_LIMITS.readBytesMax} bytes.`, true);
    },
    candidate() {
      candidatesLeft -= 1;
      if (candidatesLeft < 0) throw new ReportLimit(`The input holds more than ${REPORT_LIMITS.reportsMax} reports.`, true);
    },
  };
}

/** Throws ReportLimit when an archive member gives far more bytes than it has. */
export function checkRatio(inflatedBytes: number, packedBytes: number): void {
  if (inflatedBytes > REPORT_LIMITS.ratioFromBytes && inflatedBytes > REPORT_LIMITS.ratioMax * Math.max(packedBytes, 1)) {
    throw new ReportLimit(
      `The archive gives more than ${REPORT_LIMITS.ratioMax} bytes for each of its own: it is built to fill memory.`,
      true,
    );
  }
}
