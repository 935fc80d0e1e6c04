import { ChainBuilder } from '../../proof/crypto/chain.js';
import { isInWindow, isNode, Membership, revokedAtMs } from '../../proof/crypto/membership.js';
import { platformCrypto } from '../../proof/crypto/signature.js';
import { readIdentity } from '../../proof/fabric/identity.js';
import { walkConfigBlocks } from '../../proof/trust/distil.js';
import { type Organisation } from '../../proof/trust/trust-root.js';
import { type Attestation } from '../ledger/attestation.js';
import { type RawBlocks } from '../ledger/deliver.js';

/** The organisations of the newest configuration, and of every one, of so many configuration blocks. */
interface Walked {
  readonly blocks: number;
  readonly newest: readonly Organisation[];
  readonly everywhere: readonly Organisation[];
}

/**
 * Whether verifiers will accept who signed. A peer answers as long as it runs, also after its certificate was revoked
 * or its authority replaced, and a receipt stands for ever: so nothing of such a peer becomes part of one.
 */
export class EndorserCheck {
  readonly #blocks: RawBlocks;
  readonly #configurationBlocks: () => readonly number[];
  readonly #membership = new Membership(new ChainBuilder(platformCrypto()));
  #walked: Walked | undefined;

  /** @param configurationBlocks numbers of the channel's configuration blocks, from 0 */
  constructor(blocks: RawBlocks, configurationBlocks: () => readonly number[]) {
    this.#blocks = blocks;
    this.#configurationBlocks = configurationBlocks;
  }

  /** @throws UNVERIFIABLE_NOW where the configuration cannot be read; {ProofError} where its blocks do not hold */
  async accepts({ endorsements }: Pick<Attestation, 'endorsements'>): Promise<boolean> {
    const walked = await this.#walk();
    const sound = await Promise.all(endorsements.map(({ endorser }) => this.#isPeer(endorser, walked)));
    return sound.every(Boolean);
  }

  async #isPeer(endorser: Uint8Array, { newest, everywhere }: Walked): Promise<boolean> {
    const member = await this.#membership.find(readIdentity(endorser), newest);
    if (typeof member === 'string' || !isInWindow(member, Date.now())) return false;
    return isNode(member, member.organisation.nodeUnits?.peer) && revokedAtMs(member, everywhere) === undefined;
  }

  async #walk(): Promise<Walked> {
    const numbers = this.#configurationBlocks();
    if (this.#walked?.blocks === numbers.length) return this.#walked;
    const { epochs } = await walkConfigBlocks(await Promise.all(numbers.map((number) => this.#blocks.block(number))));
    const everywhere = epochs.flatMap(({ organisations }) => organisations);
    this.#walked = { blocks: numbers.length, newest: epochs.at(-1)?.organisations ?? [], everywhere };
    return this.#walked;
  }
}
