// This file decides which stored secrets have to be given again when settings change: whoever may change settings, and does not know the secret, must not be
// able to have it brought to a server of their own, or over a line that others read.
import { AppError } from '../errors.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Go to the server that `host` and `port`, or `base_url`, name; access tokens got with the last two go there as well. */
const TO_THE_SERVER = ['password', 'api_key', 'client_secret', 'refresh_token'];
/** Go to the endpoint that issues access tokens. */
const TO_THE_ENDPOINT = ['client_secret', 'refresh_token'];

/**
 * Throws SECRET_WANTED_AGAIN, with the field, when a stored secret would go elsewhere, or unguarded, and was not given with the change. `secret` is what
 * will be stored, `given` what came with the change.
 */
export function wantSecretAgain(change: {
  readonly before: Settings;
  readonly after: Settings;
  readonly secret: Readonly<Record<string, unknown>>;
  readonly given: Readonly<Record<string, unknown>> | undefined;
}): void {
  const { before, after, secret, given = {} } = change;
  const moved = [
    ...(elsewhere(before, after) ? TO_THE_SERVER : []),
    ...(before['token_url'] === after['token_url'] ? [] : TO_THE_ENDPOINT),
  ];
  const name = moved.find((each) => secret[each] !== undefined && given[each] === undefined);
  if (name === undefined) return;
  throw new AppError('SECRET_WANTED_AGAIN', `secret.${name}: give it again, as it would go to another server or over an open line.`, {
    field: `secret.${name}`,
  });
}

function elsewhere(before: Settings, after: Settings): boolean {
  return (
    hostOf(before) !== hostOf(after) ||
    before['port'] !== after['port'] ||
    originOf(before) !== originOf(after) ||
    (before['tls'] !== 'none' && after['tls'] === 'none') ||
    (before['verify_certificate'] !== false && after['verify_certificate'] === false)
  );
}

function hostOf({ host }: Settings): string {
  return typeof host === 'string' ? host.toLowerCase() : '';
}

/** Scheme, host and port of an API. */
function originOf({ base_url: address }: Settings): string {
  return typeof address === 'string' ? (URL.parse(address)?.origin ?? address) : '';
}
