import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { z } from 'zod';

import { ConfigError } from '../config-error.js';

/** One peer as a connection profile names it. */
export interface PeerAddress {
  readonly name: string;
  /** Organisation that lists it; absent where none does. */
  readonly mspId?: string;
  /** `host:port`. */
  readonly address: string;
  /** PEM of the authority that signed the peer's TLS certificate; absent means no TLS, for tests on loopback. */
  readonly tlsRoots?: Buffer;
  /** Host name the TLS certificate is for, where it differs from the address. */
  readonly serverName?: string;
}

/** The peers that a gateway may ask: its own organisation's first one for everything, the others for comparison. */
export interface PeerAddresses {
  readonly home: PeerAddress;
  readonly others: readonly PeerAddress[];
}

/** The members that are used of Fabric's common connection profile; others may stand beside them. */
const profileSchema = z.object({
  organizations: z.record(z.string(), z.object({ mspid: z.string(), peers: z.array(z.string()).default([]) })),
  peers: z.record(
    z.string(),
    z.object({
      url: z.string().regex(/^grpcs?:\/\/[^/]+:\d+$/, 'grpcs://host:port'),
      tlsCACerts: z.object({ pem: z.string().optional(), path: z.string().optional() }).optional(),
      grpcOptions: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

type PeerEntry = z.infer<typeof profileSchema>['peers'][string];

/**
 * Reads Fabric's common connection profile in JSON; relative paths inside it start at its own folder.
 * @param mspId the organisation whose first peer is home. @throws {ConfigError} CONFIG_INVALID
 */
export function readProfile(path: string, mspId: string): PeerAddresses {
  const profile = ConfigError.parse(profileSchema, path);
  const own = Object.values(profile.organizations).find((organisation) => organisation.mspid === mspId);
  if (own === undefined) throw new ConfigError(path, `organizations: one whose mspid is ${mspId}`);
  const addresses = Object.entries(profile.peers).map(([name, entry]) => ({
    ...readPeer(path, name, entry),
    ...ownerOf(profile, name),
  }));
  const home = addresses.find(({ name }) => name === own.peers[0]);
  if (home === undefined) throw new ConfigError(path, `peers: the first peer that ${mspId} lists`);
  return { home, others: addresses.filter((peer) => peer !== home) };
}

function ownerOf({ organizations }: z.infer<typeof profileSchema>, peer: string): { readonly mspId?: string } {
  const owner = Object.values(organizations).find(({ peers }) => peers.includes(peer));
  return owner === undefined ? {} : { mspId: owner.mspid };
}

function readPeer(path: string, name: string, entry: PeerEntry): PeerAddress {
  const serverName = entry.grpcOptions['ssl-target-name-override'];
  const address = entry.url.replace(/^grpcs?:\/\//, '');
  if (entry.url.startsWith('grpc:')) return { name, address };
  return {
    name,
    address,
    tlsRoots: readRoots(path, name, entry),
    ...(typeof serverName === 'string' ? { serverName } : {}),
  };
}

function readRoots(path: string, name: string, { tlsCACerts }: PeerEntry): Buffer {
  if (tlsCACerts?.pem !== undefined) return Buffer.from(tlsCACerts.pem);
  const wanted = `peers.${name}.tlsCACerts: pem, or the path of a file that can be read`;
  if (tlsCACerts?.path === undefined) throw new ConfigError(path, wanted);
  try {
    return readFileSync(resolve(dirname(path), tlsCACerts.path));
  } catch (cause) {
    throw new ConfigError(path, wanted, { cause });
  }
}
