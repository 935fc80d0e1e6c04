import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { readIfThere, writeAtomically } from '../network/manager/atomic-file.js';
import { packageRoot } from '../network/manager/package-root.js';
import { CliError, unreadable } from './cli-error.js';
import { type DataFolder } from './data-folder.js';
import { withSettings } from './gateway-settings.js';
import { ensureIssuer, issuerFiles, TOKEN_AUDIENCE, TOKEN_ISSUER } from './issuer.js';
import { type OrganisationUsers } from './users.js';

/** A channel that others started, as its user tells of it. */
export interface ExistingNetwork {
  /** Fabric's common connection profile, JSON. */
  readonly profile: string;
  /** An MSP folder with `signcerts` and `keystore`, or a folder of users, `<user>@<domain>/msp`. */
  readonly msp: string;
  readonly mspId?: string;
  readonly channel: string;
  readonly chaincode: string;
  readonly listen: string;
  /** Who reads for the public, where the folder holds several users. */
  readonly as?: string;
}

/** A gateway's configuration that was written for it. */
export interface PreparedGateway {
  readonly name: string;
  readonly mspId: string;
  readonly configFile: string;
}

/**
 * Writes what a gateway to an existing network needs into a data folder. No key is copied: users are links.
 * @throws USAGE, FILE_UNREADABLE
 */
export function prepareGateway(folder: DataFolder, network: ExistingNetwork): PreparedGateway {
  const { name, mspId } = readOwnOrganisation(network);
  const { users, serviceUser } = linkUsers(folder, network, name);
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(network.listen) ?? [];
  if (host === '' || Number(port) > 65_535)
    throw new CliError('USAGE', { option: '--listen', wanted: '127.0.0.1:8080' });
  ensureIssuer(folder.issuer);
  const { jwksFile, keyFile: developmentKeyFile } = issuerFiles(folder.issuer);
  const configFile = join(folder.gateways, `${name}.json`);
  const config = {
    name,
    mspId,
    listen: { host, port: Number(port) },
    connectionProfile: resolve(network.profile),
    channel: network.channel,
    chaincode: network.chaincode,
    users,
    serviceUser,
    database: join(folder.gateways, `${name}.sqlite`),
    receipts: { database: join(folder.root, 'receipts', `${name}.sqlite`), identities: [] },
    outbox: { database: join(folder.root, 'outbox', `${name}.sqlite`) },
    pages: join(packageRoot(), 'dist', 'web'),
    issuer: { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, jwksFile, developmentKeyFile },
  };
  writeAtomically(configFile, `${JSON.stringify(withSettings(config, configFile), undefined, 2)}\n`);
  writeAtomically(membersFile(folder), JSON.stringify([{ mspId, name, ...readUsers(users, serviceUser) }]));
  return { name, mspId, configFile };
}

/** The organisation of an existing network's gateway in a data folder, `undefined` where there is none. */
export function readExistingMembers(folder: DataFolder): readonly OrganisationUsers[] | undefined {
  const text = readIfThere(membersFile(folder));
  return text === undefined ? undefined : (JSON.parse(text) as OrganisationUsers[]); // Written above, in one piece.
}

function membersFile(folder: DataFolder): string {
  return join(folder.root, 'existing-network.json');
}

interface Profile {
  readonly client?: { readonly organization?: string };
  readonly organizations?: Readonly<Record<string, { readonly mspid?: string }>>;
}

/** @throws USAGE where the profile does not say whose gateway this is, FILE_UNREADABLE */
function readOwnOrganisation({ profile, mspId }: ExistingNetwork): { readonly name: string; readonly mspId: string } {
  const { client, organizations = {} } = readProfile(profile);
  const known = Object.entries(organizations).map(([name, { mspid = '' }]) => ({ name, mspId: mspid }));
  const own =
    mspId === undefined
      ? (known.find(({ name }) => name === client?.organization) ?? (known.length === 1 ? known[0] : undefined))
      : known.find((each) => each.mspId === mspId);
  if (own !== undefined) return { ...own, name: shortName(own.name) };
  const ids = known.map((each) => each.mspId).join(', ');
  throw new CliError('USAGE', { option: '--msp-id', wanted: ids === '' ? 'a profile with organizations' : ids });
}

/** As a gateway may be called: lower-case letters, digits and hyphens. */
function shortName(organisation: string): string {
  const name = organisation
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 32);
  return name === '' ? 'gateway' : name;
}

function readProfile(file: string): Profile {
  try {
    return JSON.parse(readFileSync(resolve(file), 'utf8')) as Profile;
  } catch (error) {
    if (error instanceof SyntaxError) throw new CliError('USAGE', { option: '--profile', wanted: 'a profile in JSON' });
    throw unreadable(file, error);
  }
}

/** A folder of users as wallets read it. @throws USAGE, FILE_UNREADABLE */
function linkUsers(folder: DataFolder, { msp, as }: ExistingNetwork, name: string) {
  const own = resolve(msp);
  const names = listFolder(own);
  const several = names.filter((each) => each.includes('@') && existsSync(join(own, each, 'msp', 'signcerts'))).sort();
  if (several.length > 0) {
    const serviceUser = as ?? several.find((each) => each.startsWith('gateway@')) ?? several[0] ?? '';
    if (!several.includes(serviceUser))
      throw new CliError('USER_UNKNOWN', { user: serviceUser, wanted: several.join(', ') });
    return { users: own, serviceUser };
  }
  if (!names.includes('signcerts')) {
    throw new CliError('USAGE', {
      option: '--msp',
      wanted: 'a folder with signcerts and keystore, or of <user>@<domain>/msp',
    });
  }
  const serviceUser = userOf(join(own, 'signcerts'), name);
  const users = join(folder.root, 'users');
  mkdirSync(join(users, serviceUser), { recursive: true, mode: 0o700 });
  const link = join(users, serviceUser, 'msp');
  rmSync(link, { force: true });
  symlinkSync(own, link);
  return { users, serviceUser };
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The name in the certificate, completed where it has no domain. Unreadable ones are the doctor's to tell. */
function userOf(signcerts: string, organisation: string): string {
  const [file] = readdirSync(signcerts);
  const pem = file === undefined ? '' : readFileSync(join(signcerts, file), 'utf8');
  const commonName = subjectOf(pem).replaceAll(/[^A-Za-z0-9._@-]/g, '-');
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}@[a-z0-9][a-z0-9.-]*$/.test(commonName)
    ? commonName
    : `${commonName.replaceAll('@', '-') || 'user'}@${organisation}`;
}

function subjectOf(pem: string): string {
  try {
    return /^CN=(.*)$/m.exec(new X509Certificate(pem).subject)?.[1] ?? '';
  } catch {
    return '';
  }
}

function readUsers(users: string, serviceUser: string): Pick<OrganisationUsers, 'domain' | 'users'> {
  const domain = serviceUser.slice(serviceUser.indexOf('@') + 1);
  const names = readdirSync(users).filter((each) => each.endsWith(`@${domain}`));
  return { domain, users: names.map((each) => ({ name: each.slice(0, each.indexOf('@')), attributes: {} })) };
}
