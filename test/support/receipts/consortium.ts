import { createHash, randomBytes } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { type AttestedAnswer, type AttestedSubject } from '../../../domain/attestation.js';
import { canonicalJson } from '../../../domain/canonical-json.js';
import { attestationFromEnvelope } from '../../../proof/fabric/envelope.js';
import { blockHash, headerDer } from '../../../proof/fabric/block.js';
import { type OrderingPart, type Receipt } from '../../../proof/format/receipt.js';
import { type Epoch, type Organisation, type TrustRoot } from '../../../proof/trust/trust-root.js';
import { Authority, type Holder, signBy } from './authority.js';
import { type Call, type CallWish, envelopeOf, makeCall } from './messages.js';

/** The moment at which everything of this consortium happens, Unix milliseconds. */
export const NOW_MS = Date.parse('2026-06-01T08:00:00.000Z');

/** The four organisations of the default consortium. */
export const MSP_IDS = ['BeijingMSP', 'ChongqingMSP', 'GuangdongMSP', 'ZhejiangMSP'] as const;

/** One organisation's people and machines. */
export interface TestOrganisation {
  readonly authority: Authority;
  readonly peer: Holder;
  readonly clerk: Holder;
  readonly orderer: Holder;
}

/** Four organisations with real certificates, and the trust root over them. Keys live as long as the object. */
export class TestConsortium {
  readonly channel: string;
  readonly genesis: Uint8Array;
  readonly organisations: ReadonlyMap<string, TestOrganisation>;
  trust: TrustRoot;

  private constructor(channel: string, organisations: ReadonlyMap<string, TestOrganisation>) {
    this.channel = channel;
    this.genesis = randomBytes(32);
    this.organisations = organisations;
    this.trust = this.#trustRoot();
  }

  static async create(channel = 'yinzheng'): Promise<TestConsortium> {
    const made = MSP_IDS.map(async (mspId) => {
      const authority = await Authority.create(mspId);
      const [peer, clerk, orderer] = await Promise.all([
        authority.issue({ name: `peer0.${mspId}` }),
        authority.issue({ name: `clerk.${mspId}`, unit: 'client' }),
        authority.issue({ name: `orderer0.${mspId}`, unit: 'orderer' }),
      ]);
      return [mspId, { authority, peer, clerk, orderer }] as const;
    });
    return new TestConsortium(channel, new Map(await Promise.all(made)));
  }

  /** @param mspId one of {@link MSP_IDS} */
  organisation(mspId: string): TestOrganisation {
    const found = this.organisations.get(mspId);
    if (found === undefined) throw new Error(`no ${mspId}`);
    return found;
  }

  /** Whoever asks for attestations: Beijing's clerk stands for a gateway. */
  get creator(): Holder {
    return this.organisation('BeijingMSP').clerk;
  }

  /** Peers of the first `count` organisations. */
  peers(count: number): Holder[] {
    return MSP_IDS.slice(0, count).map((mspId) => this.organisation(mspId).peer);
  }

  /** A read-only call of the contract and its answer, with the reads that bear it out. */
  call(answer: AttestedAnswer, more: Partial<CallWish> = {}): Call {
    const key = keyOf(answer.subject);
    const record = { key, ...(answer.found && { version: [7, 2] as const }) };
    const absent = answer.subject[0] === 'digest';
    return makeCall({
      channel: this.channel,
      chaincode: 'yinzheng',
      version: '1.0',
      args: ['proof:record', answer.subject.at(-1) ?? ''],
      creator: this.creator,
      timeMs: NOW_MS,
      payload: Buffer.from(canonicalJson(answer)),
      reads: [{ key: keyOf(['heartbeat']), version: [9, 0] as const }, ...(absent ? [] : [record])],
      ranges: absent ? [{ start: key, end: `${key}\u{10FFFF}` }] : [],
      ...more,
    });
  }

  /** A whole receipt of a call that these peers endorsed. */
  receipt(call: Call, endorsers: readonly Holder[] = this.peers(3), more: Partial<Receipt> = {}): Receipt {
    const { attestation, identities } = attestationFromEnvelope(envelopeOf(call, endorsers, this.creator));
    const { channel, genesis } = this;
    return { version: 1, channel, genesis, configBlock: 0, attestation, identities, ...more };
  }

  /** Block 7 with envelopes, signed by consenters 1 to `signatures` in the way of SmartBFT. */
  block(envelopes: readonly Uint8Array[], number = 7, signatures = 3): OrderingPart {
    const data = Buffer.concat(envelopes);
    const value = new common.OrdererBlockMetadata();
    value.setLastConfig(new common.LastConfig());
    const block = {
      number,
      previousHash: randomBytes(32),
      dataHash: createHash('sha256').update(data).digest(),
      value: value.serializeBinary(),
      data,
      signatures: [],
    };
    const signed = MSP_IDS.slice(0, signatures).map((mspId, index) => {
      const header = new common.IdentifierHeader();
      header.setIdentifier(index + 1);
      header.setNonce(randomBytes(24));
      const identifierHeader = header.serializeBinary();
      const content = Buffer.concat([block.value, identifierHeader, headerDer(block)]);
      return { identifierHeader, signature: signBy(this.organisation(mspId).orderer, content) };
    });
    return { ...block, signatures: signed };
  }

  /** The same block as an orderer of another kind signs it: named by its certificate. */
  blockBy(holder: Holder, envelopes: readonly Uint8Array[]): OrderingPart {
    const block = this.block(envelopes, 7, 0);
    const header = new common.SignatureHeader();
    header.setCreator(holder.identity);
    header.setNonce(randomBytes(24));
    const signatureHeader = header.serializeBinary();
    const content = Buffer.concat([block.value, signatureHeader, headerDer(block)]);
    return { ...block, signatures: [{ signatureHeader, signature: signBy(holder, content) }] };
  }

  #trustRoot(): TrustRoot {
    return {
      schema: 'trust-root/1',
      channel: this.channel,
      genesis: Buffer.from(this.genesis).toString('hex'),
      policy: {
        organisationsMin: 3,
        organisations: MSP_IDS,
        chaincodes: [{ name: 'yinzheng', versions: ['1.0'] }],
        standingAgeMsMax: 86_400_000,
      },
      epochs: [this.epoch()],
      identities: MSP_IDS.flatMap((mspId) => {
        const { peer, clerk } = this.organisation(mspId);
        return [peer, clerk].map(({ pem }) => ({ mspId, certificate: pem }));
      }),
      timestampAuthorities: [],
    };
  }

  /** The first configuration: these organisations, and four BFT consenters of theirs. */
  epoch(): Epoch {
    const organisations: Organisation[] = MSP_IDS.map((mspId) => ({
      mspId,
      roots: [this.organisation(mspId).authority.pem],
      intermediates: [],
      nodeUnits: { peer: { unit: 'peer' }, orderer: { unit: 'orderer' } },
      revoked: [],
    }));
    return {
      configBlock: 0,
      sequence: 0,
      from: '2026-02-01T00:00:00.000Z',
      consensus: 'BFT',
      organisations,
      ordererOrganisations: organisations,
      ordering: {
        rule: 'quorum',
        quorum: 3,
        consenters: MSP_IDS.map((mspId, index) => ({
          id: index + 1,
          mspId,
          certificate: this.organisation(mspId).orderer.pem,
        })),
      },
    };
  }
}

/** A composite key as fabric-shim makes it. */
export function keyOf(subject: AttestedSubject): string {
  return `\u0000${subject.map((part) => `${part}\u0000`).join('')}`;
}

/** Hash of a block's header, for chains of blocks. */
export function hashOf(block: OrderingPart): Uint8Array {
  return blockHash(block);
}
