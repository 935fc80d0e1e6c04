import { z } from 'zod';

const organisationsMax = 16;
export const mspId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, 'wanted an MSP id: letters, digits, "." and "-"');
export const channelName = z
  .string()
  .regex(/^[a-z][a-z0-9.-]{0,248}$/, 'wanted a channel name: lower-case letters, digits, "." and "-"');
const bytes = z
  .int()
  .min(1)
  .max(100 * 1024 * 1024);

const batch = z
  .strictObject({
    /** Milliseconds from a batch's first transaction to its block; 0 cuts as soon as the committer is idle. */
    timeoutMs: z.int().min(0).max(60_000).default(0),
    maxMessages: z.int().min(1).max(10_000).default(500),
    preferredBytes: bytes.default(2 * 1024 * 1024),
    absoluteBytes: bytes.default(10 * 1024 * 1024),
  })
  .refine(({ preferredBytes, absoluteBytes }) => preferredBytes <= absoluteBytes, {
    path: ['preferredBytes'],
    error: 'wanted at most absoluteBytes',
  });

export const channel = z.strictObject({
  name: channelName,
  batch: batch.prefault({}),
  /** MSP ids of its members, whose peers all join it; every organisation of the topology unless told. */
  organisations: z.array(mspId).min(1).max(organisationsMax).optional(),
});

/** A channel as a topology asks for it. */
export type WantedChannel = z.output<typeof channel>;
