import { z } from 'zod';

import { CaError } from './ca-error.js';

const text = z.string().max(1_024);
/** Node's client writes null for what it was not told. */
const given = text.nullish().transform((value) => value ?? '');
const count = z
  .int()
  .nullish()
  .transform((value) => value ?? 0);
const attribute = z.object({ name: text, value: given, ecert: z.boolean().optional() });
const attributes = z
  .array(attribute)
  .max(64)
  .nullish()
  .transform((value) => value ?? []);

const enrollment = z.object({
  certificate_request: z.string().max(16_384).optional(), // Go's client.
  request: z.string().max(16_384).optional(), // Node's client.
  profile: text.optional(),
  hosts: z.union([z.array(text).max(32), text]).nullish(),
  attr_reqs: z
    .array(z.object({ name: text, optional: z.boolean().optional() }))
    .max(64)
    .nullish(),
});
const registration = z.object({
  id: text.min(1).optional(),
  type: given,
  secret: given,
  max_enrollments: count,
  affiliation: given,
  attrs: attributes,
});
const affiliation = z.object({ name: text.min(1) });
const revocation = z.object({
  id: given,
  serial: given,
  aki: given,
  reason: given,
  gencrl: z.boolean().nullish(),
});
const time = given.transform(readTime);
const listing = z.object({ revokedafter: time, revokedbefore: time, expireafter: time, expirebefore: time });

/** The bodies that clients send; members that no operation here reads are passed over, as Fabric CA does. */
export const bodies = { enrollment, registration, affiliation, revocation, listing };

export type Registration = z.output<typeof registration>;
export type Enrollment = z.output<typeof enrollment>;

/** @param body UTF-8 JSON. @throws CaError 400, naming the member that is wrong, never its value */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.output<Schema> {
  if (body.length === 0) throw new CaError(400, 'emptyBody', 'Empty request body');
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new CaError(400, 'badBody', 'Invalid request body: wanted JSON');
  }
  const result = schema.safeParse(withLowerNames(value));
  if (result.success) return result.data;
  const where = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new CaError(400, 'badBody', `Invalid request body: ${where}`);
}

/** Fabric CA does not tell capitals in the names of members, and its clients write them in either way. */
function withLowerNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member as unknown]));
}

/** @returns Unix milliseconds; Go's clients write its zero time, of the year 1, where they ask for none */
function readTime(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) || ms < 0 ? undefined : ms;
}
