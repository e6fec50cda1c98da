// This file is the one HTTP client of the API providers: kept connections, bounded waiting, and an honest answer to the question that
// decides a message's fate after a broken line: can the provider have read the last byte of the request, or not?
import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';

/** A TCP and TLS connection takes three round trips; a provider that needs longer is down. */
const CONNECT_TIMEOUT_MS = 15_000;
/** Below the shortest idle time-out of common load balancers (5 s), so that we rarely write into a connection that is just being closed. */
const KEEP_ALIVE_MS = 4_000;
/** We believe a server's own Keep-Alive hint up to here. */
const KEEP_ALIVE_MAX_MS = 60_000;
/** We leave a connection this long before the server said it would. */
const KEEP_ALIVE_MARGIN_MS = 2_000;
/** Providers ask to follow their DNS: a connection is recycled after 15 minutes or 10,000 calls (SparkPost's published advice). */
const CONNECTION_AGE_MAX_MS = 15 * 60_000;
const CONNECTION_CALLS_MAX = 10_000;
/** Answers are some hundred bytes; searches some hundred kilobytes. */
const ANSWER_MAX_BYTES = 4 * 1024 * 1024;
/** Bodies above this go out in pieces, so that we know whether the last one ever left our hands. */
const PIECE_BYTES = 64 * 1024;
/** Calls that may wait for a slot; far above what a dispatcher with back-pressure reaches. */
const WAITING_MAX = 10_000;
/** How long `close` lets an answer come in before it cuts the line. */
const CLOSE_WAIT_MS = 15_000;
/** Long, because a request without an answer becomes an uncertain message. SparkPost advises 300 s. */
const ANSWER_TIMEOUT_MS = 300_000;

/** What came of one HTTP exchange. */
export type HttpExchange =
  /** An answer with a status; `text` is null when its body was cut off or longer than ANSWER_MAX_BYTES. */
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string | null }
  /** The last byte of the request never left our hands: the provider cannot have acted on it. */
  | { readonly kind: 'not_sent'; readonly reason: string; readonly closed: boolean }
  /** The request may have been read whole, and no answer came. */
  | { readonly kind: 'lost'; readonly reason: string };

interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Appended to the path of the base address; starts with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface ProviderHttp {
  /** One exchange; waits inside for a free connection. Never rejects. */
  call(call: HttpCall): Promise<HttpExchange>;
  /** Lets running exchanges finish, at most CLOSE_WAIT_MS, then cuts them. */
  close(): Promise<void>;
}

/** Opens a line to `baseUrl` (scheme, host, path prefix) over at most `connections` connections, each carrying one exchange at a time. */
export function providerHttp(options: { baseUrl: string; connections: number; answerTimeoutMs?: number }): ProviderHttp {
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const timeoutMs = options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
  const pool = new Pool(base.origin, {
    connections: options.connections,
    // One exchange per connection: a pipelined second request would share the first one's fate.
    pipelining: 1,
    // HTTP/2 would multiplex; what "the last byte left" means is only proven for HTTP/1.1 here.
    allowH2: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
    keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
    clientTtl: CONNECTION_AGE_MAX_MS,
    maxRequestsPerClient: CONNECTION_CALLS_MAX,
  });
  let inside = 0;
  let closing: Promise<void> | null = null;
  return {
    call(call) {
      if (closing !== null) return Promise.resolve({ kind: 'not_sent', reason: 'the line to this account is closed', closed: true });
      if (inside >= WAITING_MAX) return Promise.resolve({ kind: 'not_sent', reason: `${WAITING_MAX} calls wait already`, closed: true });
      inside += 1;
      return turn()
        .then(turn)
        .then(() => exchange(pool, { ...call, path: prefix + call.path }, timeoutMs))
        .finally(() => {
          inside -= 1;
        });
    },
    close() {
      closing ??= closePool(pool);
      return closing;
    },
  };
}

/**
 * One turn of the event loop. Two of them hold a whole look at the sockets: a close that has already arrived on an idle connection is seen before
 * we write into it, which would leave a message uncertain for nothing. What is closed later than that stays a race that HTTP cannot decide.
 */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function closePool(pool: Pool): Promise<void> {
  const cut = setTimeout(() => void pool.destroy(new Error('closed while waiting for an answer')).catch(() => undefined), CLOSE_WAIT_MS);
  // A destroyed pool rejects its close; every exchange has had its own answer by then.
  await pool.close().catch(() => undefined);
  clearTimeout(cut);
}

/** One request and what came back. The handler sees more than `pool.request` tells: when writing began, and which piece left last. */
function exchange(pool: Pool, call: HttpCall, timeoutMs: number): Promise<HttpExchange> {
  return new Promise((resolve) => {
    const body = call.body ?? Buffer.alloc(0);
    const pieces = body.length > PIECE_BYTES;
    const headers = pieces ? { ...call.headers, 'content-length': String(body.length) } : call.headers;
    const state = { lastByteLeft: false, status: 0, headers: {} as Record<string, string>, chunks: [] as Buffer[], bytes: 0 };
    let deadline: NodeJS.Timeout | undefined;
    const settle = (result: HttpExchange) => {
      clearTimeout(deadline);
      resolve(result);
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        // Written in one piece, a request is with the kernel from here on; nobody can tell any more how much of it travelled.
        if (!pieces) state.lastByteLeft = true;
        deadline = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
        deadline.unref();
      },
      onResponseStart(_controller, status, fields) {
        if (status < 200) return;
        state.status = status;
        for (const [name, value] of Object.entries(fields)) if (typeof value === 'string') state.headers[name] = value;
      },
      onResponseData(controller, chunk) {
        state.bytes += chunk.length;
        if (state.bytes > ANSWER_MAX_BYTES) controller.abort(new Error('the answer is too long'));
        else state.chunks.push(chunk);
      },
      onResponseEnd() {
        settle({ kind: 'answer', status: state.status, headers: state.headers, text: Buffer.concat(state.chunks).toString('utf8') });
      },
      onResponseError(_controller, error) {
        if (state.status > 0) settle({ kind: 'answer', status: state.status, headers: state.headers, text: null });
        else if (state.lastByteLeft) settle({ kind: 'lost', reason: reasonOf(error) });
        else settle({ kind: 'not_sent', reason: reasonOf(error), closed: false });
      },
    };
    const onLast = () => {
      state.lastByteLeft = true;
    };
    try {
      const content = pieces ? inPieces(body, onLast) : (call.body ?? null);
      pool.dispatch({ path: call.path, method: call.method, headers, body: content }, handler);
    } catch (error) {
      // Thrown before anything was queued: an argument that HTTP cannot carry.
      settle({ kind: 'not_sent', reason: reasonOf(error), closed: false });
    }
  });
}

/** The body in pieces; the writer asks for the next one only when the kernel took the ones before. */
function inPieces(body: Buffer, onLast: () => void): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < body.length; at += PIECE_BYTES) {
      if (at + PIECE_BYTES >= body.length) onLast();
      yield body.subarray(at, at + PIECE_BYTES);
    }
  }
  // The cast: undici writes any async iterable, its types name only streams, and a stream would read ahead of the wire.
  return pieces() as unknown as Readable;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  // Happy eyeballs wraps one error per address; the first says enough.
  const inner = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  return inner.message.includes(code) ? inner.message : `${code} ${inner.message}`;
}
