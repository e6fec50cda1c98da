// This file lets everybody have texts in their own language: `lang` in the query, else Accept-Language, else English.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LANGUAGES, type Language, languageAccepted } from '../language.ts';

/** Belongs into the query (or body) of every route that answers sentences. */
export const Lang = z
  .enum(LANGUAGES)
  .optional()
  .meta({ description: 'Language of the texts. Left out, Accept-Language decides, and English where it names none of these.' });

export function languageOf(request: FastifyRequest, named: Language | undefined): Language {
  return named ?? languageAccepted(request.headers['accept-language']);
}
