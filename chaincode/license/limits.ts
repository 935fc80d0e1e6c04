/** Acts that one licence takes, issue included. All of them must be read for a status, so there is a last one. */
export const ACTS_MAX = 200;

/** Grants that one licence takes in its life. */
export const GRANTS_MAX = 500;

/** How long after a use the verifier may fetch what it showed, milliseconds. */
export const DELIVERY_MS = 10 * 60_000;
