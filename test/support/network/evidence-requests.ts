import { createHash, randomUUID } from 'node:crypto';

/** The same bytes under two of the algorithms that a record may name. */
export interface FileDigests {
  readonly 'sha-256': string;
  readonly sm3: string;
}

/** Digests of a text as a file would have them, lower-case hex. */
export function digestsOf(text: string): FileDigests {
  const hash = (algorithm: string) => createHash(algorithm).update(text).digest('hex');
  return { 'sha-256': hash('sha256'), sm3: hash('sm3') };
}

/** The least that a record needs, about a file that nobody else has. @param more members to add or replace. */
export function registration(more: object = {}): { readonly digests: FileDigests } {
  return { digests: digestsOf(randomUUID()), kind: 'document', claimedAt: '2026-03-01T08:30:00Z', ...more } as {
    readonly digests: FileDigests;
  };
}

/** As {@link registration}, with the request id that the contract itself wants. */
export function directRegistration(more: object = {}): { readonly digests: FileDigests } {
  return registration({ requestId: randomUUID(), ...more });
}
