// This file is what every reader of notices without machine-readable parts finds for one recipient.

/** What one form of notice says about one recipient. */
export interface NoticeEntry {
  readonly address: string;
  /** One line; empty when the notice gives no reason for this address. */
  readonly reason: string;
}
