// This file reads a recipient's reason as the class of its last answer.
import { CLASS_FAULT, type FeedbackClass } from '../feedback/vocabulary.ts';

/** The class; reasons of our own (the account was away, no way was open) and none at all are our account's. */
export function classOfReason(reason: string | null): FeedbackClass {
  // The cast: it was just found among the keys.
  return reason !== null && Object.hasOwn(CLASS_FAULT, reason) ? (reason as FeedbackClass) : 'operator';
}
