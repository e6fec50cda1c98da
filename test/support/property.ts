// This file gives tests of properties one seed for a whole run, so that a run tries today what it tried yesterday, wherever it runs. The runner says
// which seed that is; `npm test -- --seed random` tries another one, `npm test -- --seed N` that one again.
import fc from 'fast-check';

/** Any number. Runs that look for what this one does not meet are started with another. */
const USUAL_SEED = 20_261_122;

const { PACKETBOAT_TEST_SEED: given } = process.env;
fc.configureGlobal({ seed: given === undefined ? USUAL_SEED : Number(given) });

export { fc };
