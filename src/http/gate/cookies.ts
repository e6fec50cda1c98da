// This file writes and reads the one cookie of the console (RFC 6265): the session's token, out of reach of scripts and of other sites.
import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'packetboat_session';
/** 32 bytes as base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The token in the request's cookies, or null when there is none of the right form. */
export function sessionToken(request: FastifyRequest): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
  return value !== undefined && TOKEN.test(value) ? value : null;
}

export function setSessionCookie(reply: FastifyReply, cookie: { token: string; secure: boolean }): void {
  void reply.header('set-cookie', `${NAME}=${cookie.token}; Path=/; HttpOnly; SameSite=Strict${cookie.secure ? '; Secure' : ''}`);
}

export function clearSessionCookie(reply: FastifyReply, cookie: { secure: boolean }): void {
  void reply.header('set-cookie', `${NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict${cookie.secure ? '; Secure' : ''}`);
}
