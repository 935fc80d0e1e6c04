import { isPartOfSet, isWholeSet } from '../commit/check-private-set.js';
import { type CollectionRules } from '../commit/collection-rules.js';
import { type Verdicts } from '../commit/judge-block.js';
import { readRwSet } from '../commit/read-rwset.js';
import { DistributionError } from '../endorse/distribution-error.js';
import { type PeerLedger } from '../ledger/peer-ledger.js';
import { type PrivatePlace } from '../ledger/private-codec.js';
import { type CommittedSet, type MissingSet } from '../ledger/private-store.js';
import { type StateSnapshot } from '../ledger/state-snapshot.js';
import { type PolicySubject } from '../msp/identity.js';
import { readBlock } from '../wire/block.js';
import { readEnvelope } from '../wire/envelope.js';
import { type PrivateRwSet } from '../wire/private-rwset.js';
import { type CollectionRwSet } from '../wire/rwset.js';

/** Blocks after which plain text of a transaction that never came is dropped (peer.gossip.pvtData in core.yaml). */
const transientBlocksMax = 1_000n;

/** A set of a committed transaction, as a block names it. */
export interface WantedSet extends PrivatePlace {
  readonly txId: string;
  readonly hashed: CollectionRwSet;
}

/** Another peer of the channel, as far as private data goes from one to the other. */
export interface PrivateNeighbour {
  readonly identity: PolicySubject | undefined;
  /** Takes plain text that another peer endorsed; what this peer is not entitled to it leaves. */
  acceptPrivate(txId: string, sets: readonly PrivateRwSet[]): Promise<void>;
  /** Plain text of a committed transaction, for a peer that is entitled to it; `undefined` where there is none. */
  providePrivate(wanted: WantedSet, asker: PolicySubject): Promise<Uint8Array | undefined>;
}

/** What an exchange needs of its own peer. */
export interface ExchangeContext {
  readonly channelId: () => string;
  readonly identity: () => PolicySubject | undefined;
  readonly ledger: PeerLedger;
  readonly rulesOf: (state: StateSnapshot) => CollectionRules;
}

/**
 * One peer's private data between endorsement and commit, and afterwards. Peers of one process hand each other plain
 * text directly; giver and taker each look for themselves whether the taker is a member of the collection, and a set
 * counts only when the block has its hash.
 * Source: Fabric gossip/privdata/{distributor,coordinator,pvtdataprovider,reconcile}.go.
 */
export class PrivateExchange {
  readonly #context: ExchangeContext;
  #neighbours: () => readonly PrivateNeighbour[] = () => [];

  constructor(context: ExchangeContext) {
    this.#context = context;
  }

  /** Tells who else runs on the channel. */
  meet(neighbours: () => readonly PrivateNeighbour[]): void {
    this.#neighbours = neighbours;
  }

  /** Hands what a simulation wrote to every entitled peer. @throws DistributionError where they are too few */
  async distribute(txId: string, sets: readonly PrivateRwSet[], rules: CollectionRules): Promise<void> {
    for (const set of sets) this.#checkEnough(txId, set, rules);
    await Promise.all(
      this.#neighbours().map(async (neighbour) => {
        const entitled = sets.filter((set) => rules.isMember(set.namespace, set.collection, neighbour.identity));
        if (entitled.length > 0) await neighbour.acceptPrivate(txId, entitled);
      }),
    );
    await this.#keepTransient(txId, sets, rules);
  }

  async accept(txId: string, sets: readonly PrivateRwSet[]): Promise<void> {
    await this.#withRules((rules) => this.#keepTransient(txId, sets, rules));
  }

  /** What this peer has of a judged block's private data, from its own store or its neighbours'. */
  async gather(
    blockNumber: bigint,
    { transactions }: Verdicts,
    rules: CollectionRules,
  ): Promise<{ sets: CommittedSet[]; missing: MissingSet[] }> {
    const sets: CommittedSet[] = [];
    const missing: MissingSet[] = [];
    for (const [txIndex, { txId, rwset }] of transactions.entries()) {
      for (const { namespace, collections } of rwset) {
        for (const hashed of collections.filter(({ privateHash }) => privateHash.length > 0)) {
          const { collection } = hashed;
          const wanted = { txId, blockNumber, txIndex, namespace, collection, hashed };
          const blockToLive = rules.find(namespace, collection)?.blockToLive ?? 0n;
          const bytes = await this.#find(wanted, rules);
          if (bytes === undefined) missing.push({ txIndex, namespace, collection, blockToLive });
          else sets.push({ txIndex, namespace, collection, blockToLive, bytes });
        }
      }
    }
    return { sets, missing };
  }

  /** After a block is committed: what waited for its transactions need wait no longer. */
  async committed(blockNumber: bigint, { transactions }: Verdicts): Promise<void> {
    const { transient } = this.#context.ledger.private;
    const oldest = blockNumber > transientBlocksMax ? blockNumber - transientBlocksMax : 0n;
    const txIds = transactions.map(({ txId }) => txId);
    await transient.drop(txIds, oldest);
  }

  async provide(wanted: WantedSet, asker: PolicySubject): Promise<Uint8Array | undefined> {
    const { namespace, collection, txId, hashed } = wanted;
    const { store, transient } = this.#context.ledger.private;
    return this.#withRules((rules) => {
      if (!rules.isMember(namespace, collection, asker)) return Promise.resolve(undefined);
      const waiting = transient.set({ txId, namespace, collection, setHash: hashed.privateHash });
      return Promise.resolve(waiting ?? store.set(wanted));
    });
  }

  /**
   * What this peer holds of a block's private data and a reader may read, by transaction index.
   * Source: Fabric core/peer/deliverevents.go, getPrivateData.
   */
  async setsFor(blockNumber: bigint, reader: PolicySubject): Promise<ReadonlyMap<number, readonly PrivateRwSet[]>> {
    return this.#withRules(async (rules) => {
      const sets = new Map<number, PrivateRwSet[]>();
      for await (const { txIndex, ...set } of this.#context.ledger.private.store.setsOf(blockNumber)) {
        if (!rules.mayRead(set.namespace, set.collection, reader)) continue;
        sets.set(txIndex, [...(sets.get(txIndex) ?? []), set]);
      }
      return sets;
    });
  }

  /** Asks the neighbours again for every set that this peer is entitled to and lacks. @returns how many came. */
  async reconcile(): Promise<number> {
    const { ledger } = this.#context;
    return this.#withRules(async (rules) => {
      let supplied = 0;
      for await (const place of ledger.private.store.missing()) {
        const wanted = await this.#wantedAt(place);
        const bytes = wanted && (await this.#ask(wanted, rules));
        if (bytes === undefined) continue;
        await ledger.private.supply(place, bytes, rules.find(place.namespace, place.collection)?.blockToLive ?? 0n);
        supplied += 1;
      }
      return supplied;
    });
  }

  #checkEnough(txId: string, { namespace, collection }: PrivateRwSet, rules: CollectionRules): void {
    const required = rules.find(namespace, collection)?.requiredPeerCount ?? 0;
    const known = this.#neighbours().filter(({ identity }) => rules.isMember(namespace, collection, identity)).length;
    if (known >= required) return;
    throw new DistributionError(
      `failed to distribute private collection, txID ${txId}, channel ${this.#context.channelId()}: ` +
        `could not build private data dissemination plan for chaincode ${namespace} and collection ${collection}: ` +
        `required to disseminate to at least ${required} peers, but know of only ${known} eligible peers`,
    );
  }

  /** A peer keeps nothing that it is not entitled to, not even what its own chaincode wrote. */
  async #keepTransient(txId: string, sets: readonly PrivateRwSet[], rules: CollectionRules): Promise<void> {
    const { identity, ledger } = this.#context;
    const own = sets.filter(({ namespace, collection }) => rules.isMember(namespace, collection, identity()));
    await ledger.private.transient.keep(txId, own, ledger.height);
  }

  async #find(wanted: WantedSet, rules: CollectionRules): Promise<Uint8Array | undefined> {
    const { txId, namespace, collection, hashed } = wanted;
    if (!rules.isMember(namespace, collection, this.#context.identity())) return undefined;
    const setHash = hashed.privateHash;
    const own = this.#context.ledger.private.transient.set({ txId, namespace, collection, setHash });
    return own && isWholeSet(own, hashed) ? own : this.#ask(wanted, rules);
  }

  async #ask(wanted: WantedSet, rules: CollectionRules): Promise<Uint8Array | undefined> {
    const { namespace, collection, hashed } = wanted;
    const asker = this.#context.identity();
    if (asker === undefined || !rules.isMember(namespace, collection, asker)) return undefined;
    let part: Uint8Array | undefined;
    for (const neighbour of this.#neighbours()) {
      if (!rules.isMember(namespace, collection, neighbour.identity)) continue;
      const bytes = await neighbour.providePrivate(wanted, asker);
      if (bytes && isWholeSet(bytes, hashed)) return bytes;
      if (bytes && isPartOfSet(bytes, hashed)) part ??= bytes;
    }
    return part;
  }

  async #wantedAt(place: PrivatePlace): Promise<WantedSet | undefined> {
    const block = readBlock(await this.#context.ledger.blockBytes(place.blockNumber));
    const envelope = readEnvelope(block.envelopes[place.txIndex] ?? new Uint8Array(0));
    const hashed = readRwSet(envelope)
      .find(({ namespace }) => namespace === place.namespace)
      ?.collections.find(({ collection }) => collection === place.collection);
    return hashed && { ...place, txId: envelope.channelHeader.txId, hashed };
  }

  async #withRules<Result>(use: (rules: CollectionRules) => Promise<Result>): Promise<Result> {
    const state = this.#context.ledger.openState();
    try {
      return await use(this.#context.rulesOf(state));
    } finally {
      await state.close();
    }
  }
}
