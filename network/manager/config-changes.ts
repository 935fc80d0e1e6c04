import { carryOut } from './change-network.js';
import { ManagerError } from './manager-error.js';
import { type BatchChange } from './network-change.js';
import { type Topology } from '../plan/topology.js';

/**
 * Gives an organisation a new authority, which issues from now on beside the one before.
 * @param organisation name or MSP id. @returns its MSP id
 * @throws NODE_UNKNOWN, NETWORK_NOT_RUNNING, COMMAND_REFUSED, FOLDER_BUSY, FOLDER_EMPTY
 */
export function renewAuthority(dataDir: string, organisation: string): Promise<string> {
  return about(dataDir, organisation, 'authority-renewed');
}

/** Takes an organisation's former authorities away: what they issued is refused. @throws as `renewAuthority` */
export function retireAuthorities(dataDir: string, organisation: string): Promise<string> {
  return about(dataDir, organisation, 'authority-retired');
}

/** Tells the channels what an organisation's authority has taken back. @throws as `renewAuthority` */
export function publishRevocations(dataDir: string, organisation: string): Promise<string> {
  return about(dataDir, organisation, 'revocations-published');
}

/**
 * Takes back everything that an identity holds, at its authority and on the channels.
 * @param identity its name, such as `officer@beijing.example`. @param organisation whose it is; without it, the one
 * whose domain the name ends in. @returns the organisation's MSP id. @throws as `renewAuthority`
 */
export async function revokeIdentity(dataDir: string, identity: string, organisation?: string): Promise<string> {
  let mspId = '';
  await carryOut(dataDir, (before) => {
    ({ mspId } = organisationOf(before, organisation ?? identity.split('@')[1] ?? identity));
    return Promise.resolve({ change: { kind: 'identity-revoked', mspId, identity } });
  });
  return mspId;
}

/** Changes when the orderer cuts a block. @param channel the first one unless told. @throws as `renewAuthority` */
export async function changeBatch(dataDir: string, rules: BatchChange, channel?: string): Promise<string> {
  let name = '';
  await carryOut(dataDir, (before) => {
    name = channel ?? before.channel.name;
    return Promise.resolve({ change: { kind: 'batch-changed', channel: name, rules } });
  });
  return name;
}

type OrganisationChange = 'authority-renewed' | 'authority-retired' | 'revocations-published';

async function about(dataDir: string, organisation: string, kind: OrganisationChange): Promise<string> {
  let mspId = '';
  await carryOut(dataDir, (before) => {
    ({ mspId } = organisationOf(before, organisation));
    return Promise.resolve({ change: { kind, mspId } });
  });
  return mspId;
}

/** By name, domain or MSP id. @throws ManagerError NODE_UNKNOWN */
function organisationOf({ organisations }: Topology, wanted: string): Topology['organisations'][number] {
  const found = organisations.find(({ name, mspId, domain }) => [name, mspId, domain].includes(wanted));
  if (found !== undefined) return found;
  throw new ManagerError('NODE_UNKNOWN', { node: wanted, known: organisations.map(({ name }) => name).join(', ') });
}
