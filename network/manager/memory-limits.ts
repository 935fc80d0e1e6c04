/** Half of V8's default for its young generation: it is what most of a busy server's memory is. MiB. */
const youngMiB = '--max-semi-space-size=8';

/**
 * Parameters of Node for our own long-lived processes. V8 lets a heap grow to four times what lives in it where it may
 * become large, and to less than twice where it may not; what lives is below 150 MiB after 100,000 transactions, so
 * that a gibibyte only says "not large" and stops nobody. Measured in docs/performance.md.
 */
export const memoryParameters: readonly string[] = ['--max-old-space-size=1024', youngMiB];

/**
 * Variables for any long-lived program. Without them glibc keeps a pool of freed memory for every thread, and after a
 * few large pieces it takes all others from the heap too, whose holes it cannot give back (mallopt(3)).
 */
export const memoryEnvironment = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' } as const;

/** Variables for chaincodes on Node, whose heap is their own business. What the operator set is kept. */
export function nodeEnvironment({ NODE_OPTIONS }: NodeJS.ProcessEnv): { readonly NODE_OPTIONS: string } {
  return { NODE_OPTIONS: NODE_OPTIONS === undefined ? youngMiB : `${youngMiB} ${NODE_OPTIONS}` };
}
