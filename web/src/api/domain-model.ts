// This file names what the console reads of how a domain's records are published.

export interface DomainInstructions {
  readonly host: { readonly id: string; readonly name: string; readonly detected: boolean };
  readonly hosts: readonly { readonly id: string; readonly name: string }[];
  readonly steps: readonly {
    readonly text: string;
    readonly record_id: string | null;
    readonly fields: readonly { readonly label: string; readonly value: string }[];
  }[];
  readonly zone_file: string;
  readonly message: { readonly subject: string; readonly text: string };
  readonly mta_sts_policy: string | null;
}
