// This file is the answer of every parser in this room: a value, or the error to tell. Bad mail is an expected fate, not an exception.
import type { AppError } from '../errors.ts';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError };
