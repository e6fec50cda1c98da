// This file is the hold policies of a desk on which nobody edited any.
import { DEFAULT_HOLD_POLICY } from '../../src/feedback/hold-policy.ts';
import type { HoldPolicies } from '../../src/flows/hold-policies.ts';

export const DEFAULT_HOLD_POLICIES: HoldPolicies = { of: async () => DEFAULT_HOLD_POLICY };
