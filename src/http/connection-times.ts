// This file holds how long connections of the HTTP door may take, by plain HTTP and by HTTPS alike.

/** A request that is still arriving after this is not going to. Large messages over slow lines need minutes, not hours. */
export const REQUEST_TIMEOUT_MS = 300_000;
/** Longer than any usual proxy keeps its side open, so that it is not we who close a connection it is about to use. */
export const KEEP_ALIVE_MS = 75_000;
