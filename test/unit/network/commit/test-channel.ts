import { createHash } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';

import { CertificateAuthority } from '../../../../network/ca/certificate-authority.js';
import { LIFECYCLE } from '../../../../network/embedded/commit/definitions.js';
import { judgeBlock, type Verdicts } from '../../../../network/embedded/commit/judge-block.js';
import { sealBlock } from '../../../../network/embedded/commit/seal-block.js';
import { type ChannelConfig, readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import { createGenesisBlock } from '../../../../network/embedded/config/genesis.js';
import type { MspMaterial } from '../../../../network/embedded/config/msp-config.js';
import { parsePolicyText } from '../../../../network/embedded/msp/policy-text.js';
import { createSigner, type Signer } from '../../../../network/embedded/msp/signer.js';
import { type Block, blockHash, dataHash, readBlock } from '../../../../network/embedded/wire/block.js';
import {
  encodeChaincodeName,
  encodeChannelHeader,
  encodeEnvelope,
  encodePayload,
  encodeSignatureHeader,
  type Header,
} from '../../../../network/embedded/wire/envelope.js';
import { computeProposalHash, computeTxId } from '../../../../network/embedded/wire/proposal.js';
import { Writer } from '../../../../network/embedded/wire/protobuf-writer.js';
import type { NamespaceRwSet } from '../../../../network/embedded/wire/rwset.js';
import { encodeTxRwSet } from '../../../../network/embedded/wire/rwset-writer.js';
import {
  encodeChaincodeAction,
  encodeEndorserTransaction,
  encodeResponsePayload,
} from '../../../../network/embedded/wire/transaction.js';
import { MemoryState } from './memory-state.js';
import { definitionWrites } from './definition-writes.js';

/** Organisations of the test channel. */
export const ORGS = ['AMSP', 'BMSP', 'CMSP'] as const;
export type Org = (typeof ORGS)[number];

/** The chaincode of the test channel; any two organisations' peers endorse, and `vault` is a collection of A and B. */
export const CHAINCODE = 'ledgerkeeper';
export const COLLECTION = 'vault';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
const NONE = new Uint8Array(0);

let allMembers: Promise<Member[]> | undefined;

/** peer.ApplicationPolicy bytes of a signature policy in text. */
export function applicationPolicy(text: string): Uint8Array {
  return new Writer().message(1, parsePolicyText(text)).bytes();
}

/** A read/write set of the test chaincode, of what is named and nothing else. */
export function rwset(parts: Partial<NamespaceRwSet>): NamespaceRwSet {
  return { namespace: CHAINCODE, reads: [], ranges: [], writes: [], metadataWrites: [], collections: [], ...parts };
}

/** A value write. */
export function put(key: string, value: string): NamespaceRwSet['writes'][number] {
  return { key, isDelete: false, value: Buffer.from(value) };
}

/** What a test may say about a transaction; the rest is that of a good one. */
export interface TransactionWishes {
  readonly sets: readonly NamespaceRwSet[];
  readonly endorsers?: readonly Signer[];
  readonly creator?: Signer;
  readonly nonce?: string;
  readonly chaincode?: string;
  readonly version?: string;
  readonly channelId?: string;
  readonly type?: number;
  readonly epoch?: bigint;
  readonly txId?: string;
  readonly event?: Uint8Array;
  /** Damages the signed response payload after it has been endorsed. */
  readonly afterEndorsing?: (responsePayload: Uint8Array) => Uint8Array;
}

/** A channel with real certificates, on which tests make transactions and commit them to a state in memory. */
export class TestChannel {
  readonly channel: ChannelConfig;
  readonly genesis: Block;
  readonly peers: Readonly<Record<Org, Signer>>;
  readonly client: Signer;
  readonly state = new MemoryState();
  /** Block 1, once `define` has made it. */
  definitionBlock: Block | undefined;
  readonly #committed = new Set<string>();
  #tip: Block;
  #nonce = 0;

  private constructor(genesisBytes: Uint8Array, peers: Record<Org, Signer>, client: Signer) {
    this.channel = readChannelConfig(genesisBytes);
    this.genesis = readBlock(genesisBytes);
    this.#tip = this.genesis;
    this.peers = peers;
    this.client = client;
  }

  /** Makes keys, genesis block and chaincode definition; the definition is a real transaction in block 1. */
  static async create(): Promise<TestChannel> {
    // Keys are made once a test file; channels differ in what is committed to them.
    const [ordering, ...members] = await (allMembers ??= Promise.all(['OrdererMSP', ...ORGS].map(createMember)));
    const [first] = members;
    if (!ordering || !first) throw new Error('no organisations');
    const genesis = createGenesisBlock({
      channelId: 'testing',
      batch: { timeoutMs: 0, maxMessages: 500, preferredBytes: 2_000_000, absoluteBytes: 10_000_000 },
      orderer: { ...ordering.material, addresses: ['127.0.0.1:7050'] },
      organisations: members.map(({ material }) => ({ ...material, anchorPeers: [] })),
      timestampMs: NOW_MS,
      nonce: Buffer.alloc(24, 7),
    });
    const peers = Object.fromEntries(members.map(({ material, peer: signer }) => [material.mspId, signer]));
    return new TestChannel(genesis, peers as Record<Org, Signer>, first.client);
  }

  /** Commits block 1: the definition of the test chaincode. */
  async define(): Promise<Verdicts> {
    const definition = rwset({
      namespace: LIFECYCLE,
      writes: definitionWrites({
        name: CHAINCODE,
        version: '1.0',
        sequence: 1n,
        endorsementPolicy: applicationPolicy("OutOf(2,'AMSP.peer','BMSP.peer','CMSP.peer')"),
        collectionConfig: collectionConfig(),
      }),
    });
    const envelopes = [this.transaction({ sets: [definition], chaincode: LIFECYCLE, version: 'syscc' })];
    this.definitionBlock = this.nextBlock(envelopes);
    return this.commit(envelopes);
  }

  /** Bytes of a signed envelope. */
  transaction(wishes: TransactionWishes): Uint8Array {
    const { creator = this.client, endorsers = [this.peers.AMSP, this.peers.BMSP] } = wishes;
    const header = this.#header(wishes, creator);
    const proposalPayload = new Writer().field(1, Buffer.from('arguments')).bytes();
    const endorsed = encodeResponsePayload({
      proposalHash: computeProposalHash(header, proposalPayload),
      extension: encodeAction(wishes),
    });
    const endorsements = endorsers.map(({ identityBytes, sign }) => ({
      endorser: identityBytes,
      signature: sign(Buffer.concat([endorsed, identityBytes])),
    }));
    const { signatureHeaderBytes } = header;
    const responsePayload = wishes.afterEndorsing?.(endorsed) ?? endorsed;
    const data = encodeEndorserTransaction({ signatureHeaderBytes, proposalPayload, responsePayload, endorsements });
    const payload = encodePayload(header, data);
    return encodeEnvelope(payload, creator.sign(payload));
  }

  #header(wishes: TransactionWishes, creator: Signer): Pick<Header, 'channelHeaderBytes' | 'signatureHeaderBytes'> {
    this.#nonce += 1;
    const signatureHeader = { creator: creator.identityBytes, nonce: Buffer.from(wishes.nonce ?? `n${this.#nonce}`) };
    const { type = common.HeaderType.ENDORSER_TRANSACTION, epoch = 0n, chaincode = CHAINCODE } = wishes;
    const channelHeader = {
      type,
      timestamp: { seconds: BigInt(NOW_MS / 1000), nanos: 5 },
      channelId: wishes.channelId ?? this.channel.channelId,
      txId: wishes.txId ?? computeTxId(signatureHeader),
      epoch,
      extension: encodeChaincodeName(chaincode),
    };
    return {
      channelHeaderBytes: encodeChannelHeader(channelHeader),
      signatureHeaderBytes: encodeSignatureHeader(signatureHeader),
    };
  }

  /** The next block, of these envelopes. */
  nextBlock(envelopes: readonly Uint8Array[]): Block {
    const previousHash = blockHash(this.#tip);
    const metadata = [NONE, NONE, NONE, NONE, NONE];
    return { number: this.#tip.number + 1n, previousHash, dataHash: dataHash(envelopes), envelopes, metadata };
  }

  /** Verdicts on the next block, which is not committed. */
  judge(envelopes: readonly Uint8Array[]): Promise<Verdicts> {
    return judgeBlock(this.nextBlock(envelopes), {
      channel: this.channel,
      state: this.state,
      isCommitted: (txId) => this.#committed.has(txId),
    });
  }

  /** Judges the next block and applies it to the state. */
  async commit(envelopes: readonly Uint8Array[]): Promise<Verdicts> {
    const verdicts = await this.judge(envelopes);
    this.#tip = sealBlock(this.nextBlock(envelopes), verdicts, NONE).block;
    this.state.commit(verdicts.updates);
    verdicts.transactions.forEach(({ txId }) => this.#committed.add(txId));
    return verdicts;
  }
}

/** Names of codes, for readable expectations. */
export function codeNames({ codes }: Verdicts): string[] {
  const names = new Map(Object.entries(peer.TxValidationCode).map(([name, code]) => [code as number, name]));
  return codes.map((code) => names.get(code) ?? String(code));
}

/** SHA-256 of text, as keys and values of collections are hashed. */
export function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

function encodeAction({ sets, event = NONE, chaincode = CHAINCODE, version = '1.0' }: TransactionWishes): Uint8Array {
  return encodeChaincodeAction({
    results: encodeTxRwSet(sets),
    events: event,
    response: { status: 200, message: '', payload: NONE },
    chaincodeId: { name: chaincode, version },
  });
}

function collectionConfig(): Uint8Array {
  const members = new Writer().message(1, parsePolicyText("OR('AMSP.member','BMSP.member')")).bytes();
  const endorsement = applicationPolicy("AND('AMSP.peer','BMSP.peer')");
  const config = new Writer().field(1, COLLECTION).message(2, members).message(8, endorsement).bytes();
  return new Writer().message(1, new Writer().message(1, config).bytes()).bytes();
}

interface Member {
  readonly material: MspMaterial;
  readonly peer: Signer;
  readonly client: Signer;
}

async function createMember(mspId: string): Promise<Member> {
  const domain = `${mspId.toLowerCase()}.example`;
  const authority = await CertificateAuthority.create(`ca.${domain}`, domain, NOW_MS);
  const signer = async (unit: string): Promise<Signer> =>
    createSigner({ mspId, ...(await authority.issue({ commonName: `${unit}0.${domain}`, unit }, NOW_MS)) });
  const caPem = authority.material.certificatePem;
  return { material: { mspId, caPem, tlsCaPem: caPem }, peer: await signer('peer'), client: await signer('client') };
}
