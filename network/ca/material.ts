import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type MspMaterial } from '../embedded/config/msp-config.js';
import { type Certificate, parseCertificate } from '../embedded/msp/certificate.js';
import {
  type AuthorityFiles,
  type ChaincodeServerPlan,
  type KeyFiles,
  loopback,
  type MemberPlan,
  type NetworkPlan,
  type OrganisationPlan,
} from '../plan/plan.js';
import { attributeOid, encodeAttributes } from './attributes.js';
import { type CertificateAuthority, type KeyMaterial } from './certificate-authority.js';
import { formatConnectionProfile } from './connection-profile.js';
import { MaterialError } from './errors.js';
import { replaceFile, replaceFolder } from './folder.js';
import { authorityFiles, serverFiles, memberFiles, verifyingMspFiles } from './layout.js';

/** How many members, nodes included, were issued new certificates, and how many kept the ones they had. */
export interface MaterialCount {
  readonly issued: number;
  readonly kept: number;
}

/** The part of a plan that needs keys: of an embedded network, or of one of Fabric's own programs. */
export type MaterialPlan = Pick<NetworkPlan, 'organisations' | 'chaincodes' | 'cryptoFolder' | 'genesisFile'> & {
  readonly orderingOrganisations: readonly OrganisationPlan[];
  /** Authorities that answer on the wire; Fabric's own programs bring theirs. */
  readonly authorities?: NetworkPlan['authorities'];
};

/** Members whose keys are made at the same time; more would only wait for each other. */
const membersAtOnce = 16;

/** Where unfinished work goes, and the clock: what every step below is given. */
interface Workshop {
  readonly scratch: string;
  readonly nowMs: number;
  /** Whether the channel exists: then its configuration names the authorities, and no new one can take their place. */
  readonly isFounded: boolean;
}

/**
 * Makes everything that a plan's organisations need and do not have: authorities, members' keys and certificates in
 * cryptogen's layout, connection profiles. What is complete, and still what the plan says, is kept; a member whose
 * files are missing, damaged, of another authority or with other attributes gets new ones. Run by one process at a time.
 * @param nowMs Unix milliseconds: new certificates are valid from five minutes before.
 * @param founding MSP ids that join a channel which exists, so that their authorities may be new.
 * @throws MaterialError AUTHORITY_BROKEN, and the file system's own errors
 */
export async function ensureMaterial(
  plan: MaterialPlan,
  nowMs = Date.now(),
  founding: readonly string[] = [],
): Promise<MaterialCount> {
  const ledgers = plan.organisations.flatMap(({ nodes }) => nodes.map(({ ledgerFolder }) => ledgerFolder));
  const isFounded = [plan.genesisFile, ...ledgers].some((path) => existsSync(path));
  const workshop: Workshop = { scratch: join(plan.cryptoFolder, '.unfinished'), nowMs, isFounded };
  try {
    const organisations = [...plan.organisations, ...plan.orderingOrganisations];
    const counts = await Promise.all(
      organisations.map((organisation) => {
        const isNew = founding.includes(organisation.mspId);
        return ensureOrganisation(organisation, { ...workshop, isFounded: isFounded && !isNew });
      }),
    );
    ensureProfiles(plan, workshop);
    for (const server of plan.chaincodes.flatMap(({ servers }) => servers)) await ensureServer(server, plan, workshop);
    for (const { mspId, tls, name } of plan.authorities ?? []) {
      const owner = plan.organisations.find((organisation) => organisation.mspId === mspId);
      await ensureEnd({ tls, commonName: name }, owner, true, workshop);
    }
    const issued = counts.reduce((sum, count) => sum + count.issued, 0);
    return { issued, kept: counts.reduce((sum, count) => sum + count.kept, 0) };
  } finally {
    rmSync(workshop.scratch, { recursive: true, force: true }); // Also what a start that was cut off left behind.
  }
}

/** Rewritten where they differ, because ports change between starts. */
function ensureProfiles({ organisations, authorities = [] }: MaterialPlan, { scratch }: Workshop): void {
  const members = organisations.map((organisation) => ({
    organisation,
    tlsCaPem: readText(organisation.tlsCa.certificateFile),
    authority: authorities.find(({ mspId }) => mspId === organisation.mspId),
  }));
  for (const { mspId, connectionProfileFile } of organisations) {
    const profile = formatConnectionProfile(mspId, members);
    if (tryRead(connectionProfileFile) === profile) continue;
    replaceFile(connectionProfileFile, profile, { scratch, isDurable: false });
  }
}

/** A chaincode server's TLS end, issued by the first organisation that it serves. */
async function ensureServer(server: ChaincodeServerPlan, plan: MaterialPlan, workshop: Workshop): Promise<void> {
  const served = plan.organisations.filter(({ mspId }) => server.mspIds.includes(mspId));
  const clientCas = served.map(({ tlsCa }) => readText(tlsCa.certificateFile)).join('');
  const isKnown = tryRead(server.clientCaFile) === clientCas;
  await ensureEnd({ tls: server.tls, commonName: `chaincode-${server.name}` }, served[0], isKnown, workshop, clientCas);
}

/** A listener's TLS end, issued by the organisation that answers for it. */
async function ensureEnd(
  end: { readonly tls: KeyFiles; readonly commonName: string },
  owner: OrganisationPlan | undefined,
  isKnown: boolean,
  workshop: Workshop,
  clientCas?: string,
): Promise<void> {
  if (owner === undefined) throw new RangeError(`${end.commonName} belongs to no organisation`);
  const tlsCa = {
    certificatePem: readText(owner.tlsCa.certificateFile),
    privateKeyPem: readText(owner.tlsCa.privateKeyFile),
  };
  if (isKnown && readMember(end.tls, issuerOf(tlsCa)) !== undefined) return;
  const { CertificateAuthority: Authority } = await import('./certificate-authority.js');
  const authority = await Authority.load(owner.tlsCa.name, owner.domain, tlsCa);
  const names = { dnsNames: ['localhost', end.commonName], ipAddresses: [loopback] };
  const material = await authority.issue({ commonName: end.commonName, tls: names }, workshop.nowMs);
  const files = serverFiles(material, tlsCa.certificatePem, clientCas);
  replaceFolder(dirname(end.tls.certificateFile), files, { ...workshop, isDurable: false });
}

/** @returns what the channel's configuration publishes about an organisation. @throws the file system's own errors */
export function readMspMaterial({ mspId, ca, tlsCa }: OrganisationPlan): MspMaterial {
  return { mspId, caPem: readText(ca.certificateFile), tlsCaPem: readText(tlsCa.certificateFile) };
}

async function ensureOrganisation(organisation: OrganisationPlan, workshop: Workshop): Promise<MaterialCount> {
  const [ca, tlsCa] = await Promise.all([
    ensureAuthority(organisation.ca, organisation.domain, workshop),
    ensureAuthority(organisation.tlsCa, organisation.domain, workshop),
  ]);
  const certificates = { caPem: ca.certificatePem, tlsCaPem: tlsCa.certificatePem };
  const verifying = verifyingMspFiles(organisation, certificates);
  const mspFolder = join(organisation.folder, 'msp');
  if (!verifying.every(({ path, text }) => path.endsWith('/') || tryRead(join(mspFolder, path)) === text)) {
    replaceFolder(mspFolder, verifying, { ...workshop, isDurable: false });
  }

  const members = [...organisation.nodes, ...organisation.users];
  const issuer = issuerOf(ca);
  const tlsIssuer = issuerOf(tlsCa);
  const missing = members.filter((member) => !isComplete(member, issuer, tlsIssuer));
  if (missing.length > 0) {
    const issuers = await loadIssuers(organisation, ca, tlsCa);
    for (let start = 0; start < missing.length; start += membersAtOnce) {
      const batch = missing.slice(start, start + membersAtOnce);
      await Promise.all(batch.map((member) => issueMember(member, organisation, issuers, workshop)));
    }
  }
  return { issued: missing.length, kept: members.length - missing.length };
}

interface Issuers {
  readonly ca: CertificateAuthority;
  readonly tlsCa: CertificateAuthority;
}

async function issueMember(
  member: MemberPlan,
  organisation: OrganisationPlan,
  { ca, tlsCa }: Issuers,
  { scratch, nowMs }: Workshop,
): Promise<void> {
  const { id, name, role, attributes } = member;
  const isNode = role === 'peer' || role === 'orderer';
  const tlsNames = { dnsNames: isNode ? [id, name, 'localhost'] : [], ipAddresses: isNode ? [loopback] : [] };
  const [msp, tls] = await Promise.all([
    ca.issue({ commonName: id, unit: role, attributes }, nowMs),
    tlsCa.issue({ commonName: id, tls: tlsNames }, nowMs),
  ]);
  const certificates = { caPem: ca.material.certificatePem, tlsCaPem: tlsCa.material.certificatePem };
  replaceFolder(member.folder, memberFiles(member, organisation, { ...certificates, msp, tls }), {
    scratch,
    isDurable: false,
  });
}

/**
 * An authority is never replaced by itself: its folder appears whole or not at all, so a damaged one means that someone
 * else changed it, and a new one would shut out every member and contradict the channel's configuration.
 */
async function ensureAuthority(files: AuthorityFiles, domain: string, workshop: Workshop): Promise<KeyMaterial> {
  const folder = dirname(files.certificateFile);
  if (!existsSync(folder) && !workshop.isFounded) {
    const { CertificateAuthority: Authority } = await import('./certificate-authority.js');
    const { material } = await Authority.create(files.name, domain, workshop.nowMs);
    replaceFolder(folder, authorityFiles(files.name, material), { ...workshop, isDurable: true });
    return material;
  }
  const certificatePem = tryRead(files.certificateFile);
  const privateKeyPem = tryRead(files.privateKeyFile);
  if (certificatePem === undefined || privateKeyPem === undefined || !isPair(certificatePem, privateKeyPem)) {
    throw new MaterialError('AUTHORITY_BROKEN', `no certificate with its key in ${folder}; restore it from a backup`);
  }
  return { certificatePem, privateKeyPem };
}

/** Loaded when something must be issued: the X.509 generator costs a start more than reading all that is there. */
async function loadIssuers(organisation: OrganisationPlan, ca: KeyMaterial, tlsCa: KeyMaterial): Promise<Issuers> {
  const { CertificateAuthority: Authority } = await import('./certificate-authority.js');
  return {
    ca: await Authority.load(organisation.ca.name, organisation.domain, ca),
    tlsCa: await Authority.load(organisation.tlsCa.name, organisation.domain, tlsCa),
  };
}

/** An authority as its members' files must show it. */
interface Issuer {
  readonly certificatePem: string;
  readonly key: KeyObject;
}

function issuerOf({ certificatePem }: KeyMaterial): Issuer {
  return { certificatePem, key: parseCertificate(certificatePem).publicKey };
}

function isComplete(member: MemberPlan, ca: Issuer, tlsCa: Issuer): boolean {
  const identity = readMember(member.msp, ca);
  const isNamed = Object.keys(member.attributes).length > 0;
  const wanted = isNamed ? Buffer.from(encodeAttributes(member.attributes)).toString() : undefined;
  const found = identity?.extensionValue(attributeOid)?.toString();
  return identity?.units[0] === member.role && found === wanted && readMember(member.tls, tlsCa) !== undefined;
}

/** @returns the certificate when its own key and its issuer's certificate lie beside it. */
function readMember(files: KeyFiles, issuer: Issuer): Certificate | undefined {
  const certificatePem = tryRead(files.certificateFile);
  const privateKeyPem = tryRead(files.privateKeyFile);
  if (certificatePem === undefined || privateKeyPem === undefined || !isPair(certificatePem, privateKeyPem)) {
    return undefined;
  }
  const certificate = parseCertificate(certificatePem);
  const isIssued = tryRead(files.caFile) === issuer.certificatePem && certificate.isSignedBy(issuer.key);
  return isIssued ? certificate : undefined;
}

function isPair(certificatePem: string, privateKeyPem: string): boolean {
  try {
    return createPublicKey(createPrivateKey(privateKeyPem)).equals(parseCertificate(certificatePem).publicKey);
  } catch {
    return false; // Either text is not what its name says; to the caller that is the same as missing.
  }
}

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

function tryRead(file: string): string | undefined {
  return existsSync(file) ? readText(file) : undefined;
}
