import { status } from '@grpc/grpc-js';
import { type peer as proto } from '@hyperledger/fabric-protos';
import { type ShimStream } from '../chaincode/shim-stream.js';
import { ApplicationPolicies } from '../commit/application-policies.js';
import { CollectionRules } from '../commit/collection-rules.js';
import {
  type ChaincodeDefinition,
  type DefinitionView,
  LIFECYCLE,
  rememberDefinitions,
} from '../commit/definitions.js';
import { judgeBlock, type Verdicts } from '../commit/judge-block.js';
import { type ChannelConfig, readChannelConfig } from '../config/channel-config.js';
import { Endorser, type ProposalResult } from '../endorse/endorser.js';
import { type EndorserContext } from '../endorse/endorser-context.js';
import { type CollectionName } from '../endorse/simulator.js';
import { type StateSnapshot } from '../ledger/state-snapshot.js';
import { type CommittedTransaction, type LocalPeer } from '../gateway/context.js';
import { RpcError } from '../gateway/rpc-error.js';
import { requiredPolicies, type SimulatedEffects } from '../gateway/required-policies.js';
import { type PeerLedger } from '../ledger/peer-ledger.js';
import { MspError } from '../msp/errors.js';
import { type PolicySubject } from '../msp/identity.js';
import { type Policy } from '../msp/policy.js';
import { type Signer } from '../msp/signer.js';
import { type Block, type BlockHeader } from '../wire/block.js';
import { createCscc } from '../system/cscc.js';
import { approvedPackage } from '../system/lifecycle/approvals.js';
import { type Packages } from '../system/lifecycle/installed.js';
import { createLifecycle } from '../system/lifecycle/lifecycle-scc.js';
import { approvalCollection, definedNames } from '../system/lifecycle/lifecycle-state.js';
import { createQscc } from '../system/qscc.js';
import { type AdoptedChaincode, type ServedChannel } from '../system/served-channel.js';
import { type SystemChaincode } from '../system/system-chaincode.js';
import { type PrivateRwSet } from '../wire/private-rwset.js';
import { Announcements } from './announcements.js';
import { PrivateExchange, type PrivateNeighbour, type WantedSet } from './private-exchange.js';

/** What one peer is on one channel. */
export interface PeerParts {
  readonly mspId: string;
  /** `host:port` of its listener. */
  readonly address: string;
  readonly signer: Signer;
  /** A ledger that holds at least the genesis block. */
  readonly ledger: PeerLedger;
  /** Streams to the chaincodes that this peer may run, by chaincode name. */
  readonly chaincodes: ReadonlyMap<string, ShimStream>;
  /** What this peer can run, and streams to the servers of what was installed on it. */
  readonly packages: Packages & { readonly streamOf: (packageId: string) => ShimStream | undefined };
  /** What the same peer is on each of its channels, by channel name; this one among them. */
  readonly joined: () => ReadonlyMap<string, Peer>;
  readonly nowMs: () => number;
}

/**
 * One organisation's peer on one channel: its own ledger, its own judgement of every block, its own signature. It trusts
 * no other peer of the process: what it commits it has validated itself.
 */
export class Peer implements LocalPeer, PrivateNeighbour {
  readonly mspId: string;
  readonly address: string;
  readonly #parts: PeerParts;
  readonly #endorsement: EndorserContext;
  readonly #endorser: Endorser;
  readonly #announcements = new Announcements();
  readonly #over = new AbortController();
  /** Number of blocks that clients may have heard of. */
  #announcedHeight: bigint;
  readonly #definitionOf = rememberDefinitions();
  readonly #served: ServedChannel;
  readonly #system: ReadonlyMap<string, SystemChaincode>;
  readonly #exchange: PrivateExchange;
  #channel: ChannelConfig;

  private constructor(parts: PeerParts, channel: ChannelConfig) {
    this.mspId = parts.mspId;
    this.address = parts.address;
    this.#parts = parts;
    this.#channel = channel;
    this.#announcedHeight = parts.ledger.height;
    const { ledger, chaincodes, signer, nowMs } = parts;
    this.#served = { config: () => this.#channel, chain: ledger, adopted: () => this.#adopted() };
    const channels = () => new Map([...parts.joined()].map(([name, peer]) => [name, peer.#served]));
    const context = { mspId: this.mspId, channels };
    this.#system = new Map(
      [createQscc(context), createCscc(context), createLifecycle(context, parts.packages)].map((each) => [
        each.name,
        each,
      ]),
    );
    this.#exchange = new PrivateExchange({
      ledger,
      channelId: () => this.#channel.channelId,
      identity: () => this.identity,
      rulesOf: (state) => this.#rulesOf(state),
    });
    this.#endorsement = {
      mspId: this.mspId,
      system: this.#system,
      signer,
      nowMs,
      channel: () => this.#channel,
      isCommitted: (txId) => this.#isCommitted(txId),
      openState: () => ledger.openState(),
      versionOf: (state, chaincode) => this.#definitionOf(state, chaincode)?.version,
      collectionsOf: (state) => this.#rulesOf(state),
      distribute: (txId, sets, rules) => this.#exchange.distribute(txId, sets, rules),
      streamTo: (state, chaincode) => this.#installedStream(state, chaincode) ?? chaincodes.get(chaincode),
      onChannel: (channelId) => {
        const there = parts.joined().get(channelId);
        return there === undefined ? undefined : there.#endorsement;
      },
    };
    this.#endorser = new Endorser(this.#endorsement);
  }

  /** @throws ConfigError where the ledger's newest configuration block does not parse */
  static async open(parts: PeerParts): Promise<Peer> {
    const bytes = await parts.ledger.blockBytes(parts.ledger.lastConfig);
    return new Peer(parts, readChannelConfig(bytes));
  }

  get channel(): ChannelConfig {
    return this.#channel;
  }

  /**
   * The peer itself, as policies see it. `undefined` where the configuration does not know it: a peer that came later
   * reads the blocks from before its organisation, or the authority of its certificate, was let in.
   */
  get identity(): PolicySubject | undefined {
    try {
      return this.#channel.msps.deserialize(this.#parts.signer.identityBytes);
    } catch (cause) {
      if (cause instanceof MspError) return undefined;
      throw cause;
    }
  }

  /** Number of blocks in the ledger. */
  get height(): bigint {
    return this.#parts.ledger.height;
  }

  /** The last block's header, and which block configures the channel. */
  get tip(): BlockHeader & { readonly lastConfig: bigint } {
    return { ...this.#parts.ledger.lastHeader, lastConfig: this.#parts.ledger.lastConfig };
  }

  #installedStream(state: StateSnapshot, chaincode: string): ShimStream | undefined {
    const { packages } = this.#parts;
    return packages.installed().length === 0 ? undefined : packages.streamOf(this.#packageOf(state, chaincode));
  }

  /** The package that its organisation approved for a chaincode's definition; empty where it runs none. */
  #packageOf(state: StateSnapshot, chaincode: string): string {
    const sequence = this.#definitionOf(state, chaincode)?.sequence;
    if (sequence === undefined) return '';
    const collection = approvalCollection(this.mspId);
    const own = { get: (key: string) => state.getPrivate(LIFECYCLE, collection, key)?.value };
    return approvedPackage(own, chaincode, sequence);
  }

  async #adopted(): Promise<AdoptedChaincode[]> {
    const state = this.#parts.ledger.openState();
    try {
      return (await definedNames(state)).map((name) => ({
        name,
        version: this.#definitionOf(state, name)?.version ?? '',
        packageId: this.#packageOf(state, name),
      }));
    } finally {
      await state.close();
    }
  }

  process(signedProposal: proto.SignedProposal): Promise<ProposalResult> {
    return this.#endorser.process(signedProposal);
  }

  /**
   * Judges a block as the orderer cut it, writes it with the verdicts and with the private data that the peer is
   * entitled to. Nobody hears of it before `announce`. Blocks must come in order.
   * @throws CommitError, LedgerError
   */
  async commit(block: Block): Promise<void> {
    const { ledger } = this.#parts;
    const state = ledger.openState();
    let verdicts: Verdicts;
    try {
      verdicts = await judgeBlock(block, {
        channel: this.#channel,
        state,
        isCommitted: (txId) => this.#isCommitted(txId),
        definitionOf: this.#definitionOf,
      });
      await ledger.commit(block, verdicts, await this.#exchange.gather(block.number, verdicts, this.#rulesOf(state)));
    } finally {
      await state.close();
    }
    await this.#exchange.committed(block.number, verdicts);
    await ledger.private.forgetPurged();
    if (ledger.lastConfig === block.number) this.#channel = readChannelConfig(await ledger.blockBytes(block.number));
  }

  /**
   * Tells clients of everything that is committed. Whoever carries blocks to several peers calls it when all have the
   * block: a client that hears of its transaction then finds every peer at that height.
   */
  announce(): void {
    this.#announcedHeight = this.height;
    this.#announcements.announce();
  }

  /** Tells who runs on the channel, this peer too perhaps; private data goes between them. */
  meet(running: () => readonly PrivateNeighbour[]): void {
    this.#exchange.meet(() => running().filter((each) => each !== this));
  }

  acceptPrivate(txId: string, sets: readonly PrivateRwSet[]): Promise<void> {
    return this.#exchange.accept(txId, sets);
  }

  providePrivate(wanted: WantedSet, asker: PolicySubject): Promise<Uint8Array | undefined> {
    return this.#exchange.provide(wanted, asker);
  }

  /** Private sets of a block that a reader is entitled to, by transaction index. */
  privateSets(blockNumber: bigint, reader: PolicySubject): Promise<ReadonlyMap<number, readonly PrivateRwSet[]>> {
    return this.#exchange.setsFor(blockNumber, reader);
  }

  /** Fetches private data that this peer lacks from others that have it. @returns how many sets came. */
  reconcile(): Promise<number> {
    return this.#exchange.reconcile();
  }

  async waitForTransaction(txId: string, signal: AbortSignal): Promise<CommittedTransaction> {
    const { ledger } = this.#parts;
    const find = (): CommittedTransaction | undefined => {
      const found = ledger.transaction(txId);
      return found && found.blockNumber < this.#announcedHeight ? found : undefined;
    };
    return find() ?? this.#announcements.until(find, AbortSignal.any([signal, this.#over.signal]));
  }

  /** No further block will come until a restart: whoever waits for one is told. */
  giveUp(): void {
    this.#over.abort(new RpcError(status.UNAVAILABLE, 'no further block can be committed on this channel'));
  }

  async *blocks(start: bigint, signal: AbortSignal): AsyncGenerator<{ number: bigint; bytes: Uint8Array }> {
    for (let number = start; ; number += 1n) {
      const isThere = await this.#announcements
        .until(() => (this.#announcedHeight > number ? true : undefined), signal)
        .catch((cause: unknown) => {
          if (signal.aborted) return false;
          throw cause;
        });
      if (!isThere) return;
      yield { number, bytes: await this.#parts.ledger.blockBytes(number) };
    }
  }

  blockNumberOf(txId: string): bigint | undefined {
    return this.#parts.ledger.blockNumberOf(txId);
  }

  /** The definition of a chaincode that is in force on this channel. */
  definitionOf(chaincode: string): ChaincodeDefinition | undefined {
    const state = this.openState();
    try {
      return this.#definitionOf(state, chaincode);
    } finally {
      void state.close();
    }
  }

  isSystemChaincode(name: string): boolean {
    return this.#system.has(name);
  }

  /** Bytes of one of the ledger's blocks. @throws LedgerError where there is none */
  blockBytes(number: bigint): Promise<Uint8Array> {
    return this.#parts.ledger.blockBytes(number);
  }

  /** Committed state as it is now; the caller closes it. */
  openState(): StateSnapshot {
    return this.#parts.ledger.openState();
  }

  policiesFor(effects: SimulatedEffects, chaincode: string): readonly Policy[] | undefined {
    const state = this.#parts.ledger.openState();
    try {
      return requiredPolicies(
        effects,
        chaincode,
        new ApplicationPolicies(this.#channel, state, this.#definitionOf),
        state,
      );
    } finally {
      void state.close();
    }
  }

  arePeersMembers(mspId: string, collections: readonly CollectionName[]): boolean {
    if (collections.length === 0) return true;
    const state = this.#parts.ledger.openState();
    try {
      const rules = this.#rulesOf(state);
      const peer = { mspId, role: 'peer' as const };
      return collections.every(({ namespace, collection }) => rules.isMember(namespace, collection, peer));
    } finally {
      void state.close();
    }
  }

  #rulesOf(state: DefinitionView): CollectionRules {
    return new CollectionRules(state, this.#channel.applicationMspIds, this.#definitionOf);
  }

  #isCommitted(txId: string): boolean {
    return this.blockNumberOf(txId) !== undefined;
  }

  /** Closes the ledger; nothing may be asked of the peer afterwards. */
  async close(): Promise<void> {
    await this.#parts.ledger.close();
  }
}
