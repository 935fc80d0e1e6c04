import { equal } from '../bytes.js';
import { type Identity, readPem } from '../fabric/identity.js';
import { type NodeUnit, type Organisation } from '../trust/trust-root.js';
import { type Certificate } from './certificate.js';
import { type Chain, type ChainBuilder } from './chain.js';

/** An identity whose certificate leads to a root of its organisation. */
export interface Member {
  readonly mspId: string;
  readonly organisation: Organisation;
  readonly certificate: Certificate;
  readonly chain: Chain;
}

/** Why an identity is none of a known organisation. */
export type MembershipRefusal = 'ORGANISATION_UNKNOWN' | 'CERTIFICATE_UNTRUSTED';

/**
 * Whether an identity belongs to one of the organisations: its MSP id is known and its chain ends at that MSP's roots.
 * Results are remembered per organisation, which a trust root never changes. @throws {ProofError} CERTIFICATE_MALFORMED
 */
export class Membership {
  readonly #builder: ChainBuilder;
  readonly #found = new WeakMap<readonly Organisation[], WeakMap<Identity, Promise<Member | MembershipRefusal>>>();
  readonly #chains = new WeakMap<Organisation, Map<Certificate, Promise<Chain | undefined>>>();

  constructor(builder: ChainBuilder) {
    this.#builder = builder;
  }

  /** @param organisations a list that does not change and is passed again, so that results can be remembered by it. */
  find(identity: Identity, organisations: readonly Organisation[]): Promise<Member | MembershipRefusal> {
    const known = this.#found.get(organisations) ?? new WeakMap<Identity, Promise<Member | MembershipRefusal>>();
    this.#found.set(organisations, known);
    const found = known.get(identity) ?? this.#find(identity, organisations);
    known.set(identity, found);
    return found;
  }

  async #find(identity: Identity, organisations: readonly Organisation[]): Promise<Member | MembershipRefusal> {
    const organisation = organisations.find(({ mspId }) => mspId === identity.mspId);
    if (organisation === undefined) return 'ORGANISATION_UNKNOWN';
    const certificate = this.#builder.read(identity.certificate);
    const chain = await this.#chain(organisation, certificate);
    if (chain === undefined) return 'CERTIFICATE_UNTRUSTED';
    return { mspId: identity.mspId, organisation, certificate, chain };
  }

  #chain(organisation: Organisation, certificate: Certificate): Promise<Chain | undefined> {
    const chains = this.#chains.get(organisation) ?? new Map<Certificate, Promise<Chain | undefined>>();
    this.#chains.set(organisation, chains);
    const known = chains.get(certificate);
    if (known !== undefined) return known;
    const read = (pems: readonly string[]) => pems.map((pem) => this.#builder.read(readPem(pem)));
    const chain = this.#builder.build(certificate, read(organisation.roots), read(organisation.intermediates));
    if (chains.size < REMEMBERED_MAX) chains.set(certificate, chain);
    return chain;
  }
}

/** More than an organisation has peers; see {@link ChainBuilder}. */
const REMEMBERED_MAX = 1024;

/** Whether a member's certificate says that it is a node of this kind (Fabric msp/mspimplvalidate.go, node units). */
export function isNode(member: Member, unit: NodeUnit | undefined): boolean {
  if (unit === undefined || !member.certificate.units.includes(unit.unit)) return false;
  if (unit.authority === undefined) return true;
  const wanted = readPem(unit.authority);
  return member.chain.slice(1).some(({ der }) => equal(der, wanted));
}

/** Whether every certificate of the chain was valid then. @param atMs Unix milliseconds */
export function isInWindow({ chain }: Member, atMs: number): boolean {
  return chain.every(({ notBeforeMs, notAfterMs }) => notBeforeMs <= atMs && atMs <= notAfterMs);
}

/**
 * When the first of the chain's certificates was taken back, by the lists of any of these organisations of the same
 * MSP; undefined for never. @returns Unix milliseconds
 */
export function revokedAtMs(member: Member, organisations: readonly Organisation[]): number | undefined {
  const revoked = organisations.filter(({ mspId }) => mspId === member.mspId).flatMap((each) => each.revoked);
  const times = member.chain.flatMap(({ issuer, serial }) =>
    revoked
      .filter((entry) => entry.issuer === issuer && entry.serial === serial)
      .map(({ revokedAt }) => Date.parse(revokedAt)),
  );
  return times.length === 0 ? undefined : Math.min(...times);
}
