import { ConfigError } from './errors.js';

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  '\u00b5s': 1e-3, // Micro sign; Go also reads the Greek letter.
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Reads a duration as Go writes it, such as `2s`, `1m30s` or `1.5h`.
 * @returns milliseconds, not rounded. @throws ConfigError CONFIG_MALFORMED, also for durations that are not positive
 * Source: Go time.ParseDuration; Fabric common/channelconfig/orderer.go, validateBatchTimeout.
 */
export function parseGoDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)([a-z\u00b5\u03bc]+)/g)];
  const isWhole = parts.map(([part]) => part).join('') === text;
  const totalMs = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (unitMs[unit ?? ''] ?? NaN), 0);
  if (!isWhole || !(totalMs > 0)) {
    throw new ConfigError('CONFIG_MALFORMED', `duration ${JSON.stringify(text)} where one such as 200ms was wanted`);
  }
  return totalMs;
}

/**
 * Writes whole milliseconds as Go reads them. Fabric refuses a batch timeout of nothing, so 0 becomes the shortest
 * duration there is, `1ns`.
 */
export function formatGoDuration(durationMs: number): string {
  return durationMs === 0 ? '1ns' : `${durationMs}ms`;
}
