/**
 * Parameters of Node for our own long-lived processes. V8 lets a heap grow to four times what lives in it where it may
 * become large, and to less than twice where it may not; what lives is below 150 MiB after 100,000 transactions, so
 * that a gibibyte only says "not large" and stops nobody. A half of the young generation has 16 MiB instead of V8's 64,
 * which costs nothing that was seen; 8 cost a third of the processor time of reads. Measured in docs/performance.md.
 */
export const memoryParameters: readonly string[] = ['--max-old-space-size=1024', '--max-semi-space-size=16'];

/**
 * Variables for any long-lived program. Without them glibc keeps a pool of freed memory for every thread, and after a
 * few large pieces it takes all others from the heap too, whose holes it cannot give back (mallopt(3)).
 */
export const memoryEnvironment = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' } as const;
