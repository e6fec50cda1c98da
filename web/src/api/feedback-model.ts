// This file names what the console reads of bounces, holds, complaints and incidents.
import type { Operations } from './schema.gen.ts';

export type {
  Bounce,
  BounceExplanation as Verdict,
  Complaint,
  ComplaintRates,
  FeedbackClass as ClassWords,
  HoldDryRun as DryRun,
  HoldPolicy,
  HoldRule,
  Incident,
  Rate as ApiRate,
  Statistics,
  StatisticsRow,
  Suppression as Hold,
  SuppressionImport as ImportResult,
} from './schema.gen.ts';

export type Grouping = NonNullable<Operations['getStatistics']['query']['by']>;
export type ComplaintRate = Operations['getComplaintRates']['answer']['data'][number];
export type Released = Operations['releaseSuppression']['answer'];
