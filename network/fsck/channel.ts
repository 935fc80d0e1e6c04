import { lengthDelimited } from './encode.js';
import { type Member, Organisation } from './organisation.js';
import { type Policy, nobodySatisfies, readPolicies } from './policy.js';
import { type ByteString, byteString, display, Message } from './protobuf.js';
import { Unreadable } from './unreadable.js';

/** A statement, who is said to have signed it, and the signature. */
export interface Statement {
  /** Bytes of `msp.SerializedIdentity`. */
  readonly signer: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const none = new Uint8Array(0);
const identityBytesMax = 65_536;
const membersMax = 10_000;

/** One channel's configuration, as a block states it. Source: Fabric's common/configtx.proto. */
export class Channel {
  readonly name: ByteString;
  /** MSP id of each endorsing organisation, with the name of its group. */
  readonly members: ReadonlyMap<ByteString, string>;
  readonly #organisations = new Map<ByteString, Organisation>();
  readonly #policies: ReadonlyMap<string, Policy>;
  /** Identities of BFT consenters by their number. */
  readonly #consenters = new Map<number, Uint8Array>();
  readonly #isBft: boolean;
  readonly #known = new Map<string, Member | undefined>();

  /** @param envelope bytes of `common.ConfigEnvelope`. @throws Unreadable */
  constructor(name: ByteString, envelope: Uint8Array) {
    this.name = name;
    const root = new Message(envelope).message(1).part(2);
    if (root === undefined) throw new Unreadable('a configuration without groups');
    const groups = new Message(root).map(2);
    const application = organisationsOf(groups.get('Application') ?? none);
    const orderer = new Message(groups.get('Orderer') ?? none);
    for (const { config } of [...application, ...organisationsOf(groups.get('Orderer') ?? none)]) {
      const organisation = new Organisation(config);
      this.#organisations.set(organisation.mspId, organisation);
    }
    this.members = new Map(application.map(({ group, config }) => [new Message(config).text(1), display(group)]));
    this.#policies = readPolicies(root);
    const values = orderer.map(3);
    const valueOf = (key: string) => new Message(new Message(values.get(byteString(key)) ?? none).bytes(2));
    this.#isBft = valueOf('ConsensusType').text(1) === 'BFT';
    for (const bytes of valueOf('Orderers').all(1)) {
      const consenter = new Message(bytes);
      const identity = Buffer.concat([lengthDelimited(1, consenter.bytes(4)), lengthDelimited(2, consenter.bytes(5))]);
      this.#consenters.set(consenter.int(1), identity);
    }
  }

  /** The policy at a path; where there is none, one that nobody satisfies. */
  policy(path: string): Policy {
    return this.#policies.get(path) ?? nobodySatisfies;
  }

  hasPolicy(path: string): boolean {
    return this.#policies.has(path);
  }

  /** Who an identity is, `undefined` for nobody of this channel. @param identity bytes of `msp.SerializedIdentity` */
  member(identity: Uint8Array): Member | undefined {
    if (identity.length > identityBytesMax) return undefined;
    const id = Buffer.from(identity.buffer, identity.byteOffset, identity.length).toString('latin1');
    if (this.#known.has(id)) return this.#known.get(id);
    if (this.#known.size >= membersMax) this.#known.clear();
    const member = this.#identify(identity);
    this.#known.set(id, member);
    return member;
  }

  /** Those who signed, each once; everybody else counts for nothing. */
  signers(statements: readonly Statement[]): Member[] {
    const found = new Map<string, Member>();
    for (const { signer, message, signature } of statements) {
      const member = this.member(signer);
      if (member === undefined) continue;
      const id = `${member.mspId} ${member.certificateId}`;
      if (!found.has(id) && member.signed(message, signature)) found.set(id, member);
    }
    return [...found.values()];
  }

  /** A BFT consenter's identity. */
  consenter(number: number): Uint8Array {
    return this.#consenters.get(number) ?? none;
  }

  /** Whether enough orderers signed a block. Source: Fabric's protoutil/blockutils.go and common/policies/bft. */
  acceptsBlockOf(signers: readonly Member[]): boolean {
    if (!this.#isBft) return this.policy('/Channel/Orderer/BlockValidation')(signers);
    const count = this.#consenters.size;
    const faulty = Math.floor((count - 1) / 3);
    return signers.length >= Math.ceil((count + faulty + 1) / 2);
  }

  #identify(identity: Uint8Array): Member | undefined {
    try {
      const fields = new Message(identity);
      return this.#organisations.get(fields.text(1))?.admit(fields.bytes(2));
    } catch {
      return undefined; // Bytes of whoever sent the transaction.
    }
  }
}

interface OrganisationGroup {
  readonly group: ByteString;
  /** Bytes of `msp.FabricMSPConfig`. */
  readonly config: Uint8Array;
}

function organisationsOf(group: Uint8Array): OrganisationGroup[] {
  return [...new Message(group).map(2)].map(([name, bytes]) => {
    const value = new Message(bytes).map(3).get('MSP');
    if (value === undefined) throw new Unreadable(`organisation ${display(name)} without an MSP`);
    return { group: name, config: new Message(new Message(value).bytes(2)).bytes(2) };
  });
}
