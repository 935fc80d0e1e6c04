import { type Actor, parseMspId } from './actor.js';
import { DomainError } from './errors.js';
import { readRequest } from './fields.js';
import { type TxId } from './ids.js';

/** Most organisations a consortium may have; each is a principal in every record's key-level policy. */
export const MEMBERS_MAX = 32;

/** The organisations whose peers may stand behind a record. */
export interface ConfigureRequest {
  /** MSP ids, 2 to {@link MEMBERS_MAX}, each once, sorted. */
  readonly members: readonly string[];
}

/** The member list as it stands on the chain. */
export interface Consortium extends ConfigureRequest {
  readonly schema: 'consortium/1';
  readonly configuredBy: Actor;
  readonly txId: TxId;
  readonly txTime: string;
}

/** A miss is an answer, not an error, as in `GetResult`. */
export type ConsortiumResult = { readonly configured: false } | ({ readonly configured: true } & Consortium);

/** Name of the one chaincode event of the consortium contract; its payload is the stored {@link Consortium}. */
export const CONSORTIUM_EVENT_KIND = 'consortium.configured';

/** @returns the members sorted, so that one set has one form. @throws REQUEST_MALFORMED */
export function parseConfigureRequest(value: unknown): ConfigureRequest {
  const { members } = readRequest(value, ['members']);
  const wanted = `2 to ${MEMBERS_MAX} MSP ids, each once`;
  if (!Array.isArray(members) || members.length < 2 || members.length > MEMBERS_MAX) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'members', wanted });
  }
  const mspIds = new Set(members.map((member) => parseMspId(member, 'members')));
  if (mspIds.size !== members.length) throw new DomainError('REQUEST_MALFORMED', { where: 'members', wanted });
  return { members: [...mspIds].sort((a, b) => (a < b ? -1 : 1)) }; // ASCII: code units and UTF-8 bytes agree.
}
