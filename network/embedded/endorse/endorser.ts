import { type peer } from '@hyperledger/fabric-protos';
import { type CollectionRules } from '../commit/collection-rules.js';
import { readChaincodeName } from '../wire/envelope.js';
import { computeProposalHash, type ParsedProposal, readInvocation, readProposal } from '../wire/proposal.js';
import { type PrivateRwSet } from '../wire/private-rwset.js';
import { type NamespaceRwSet } from '../wire/rwset.js';
import {
  encodeChaincodeAction,
  encodeEvent,
  encodeResponsePayload,
  type Endorsement,
  type Response,
} from '../wire/transaction.js';
import { WireError } from '../wire/wire-error.js';
import { checkProposal } from './check-proposal.js';
import { DistributionError } from './distribution-error.js';
import { type EndorserContext } from './endorser-context.js';
import { EndorsementRefusal } from './refusal.js';
import { type CheckedProposal, Run } from './run.js';
import { signEndorsement } from './sign-endorsement.js';
import { type CollectionName } from './simulator.js';
import { type StateSnapshot } from '../ledger/state-snapshot.js';

/** Status from which a chaincode's answer is an error and is not endorsed. Source: Fabric core/endorser/endorser.go. */
const errorStatusMin = 400;

/** What simulating a proposal gave. `endorsement` is absent where the chaincode answered an error. */
export interface ProposalResult {
  readonly proposal: ParsedProposal;
  readonly response: Response;
  readonly sets: readonly NamespaceRwSet[];
  /** Collections of which plain text was read. */
  readonly privateReads: readonly CollectionName[];
  /** `ProposalResponsePayload` bytes: what all endorsers must agree on. */
  readonly payload: Uint8Array;
  readonly endorsement: Endorsement | undefined;
}

/** Runs proposals on one peer's own committed state and signs what came out. */
export class Endorser {
  readonly #context: EndorserContext;

  constructor(context: EndorserContext) {
    this.#context = context;
  }

  /** @throws EndorsementRefusal */
  async process(signedProposal: peer.SignedProposal): Promise<ProposalResult> {
    const { proposal, creator } = this.#check(signedProposal);
    const state = this.#context.openState();
    try {
      return await this.#simulate({ proposal, signedProposal, creator }, state);
    } finally {
      await state.close();
    }
  }

  #check(signedProposal: peer.SignedProposal): Pick<CheckedProposal, 'proposal' | 'creator'> {
    const { mspId, channel, system, isCommitted, nowMs } = this.#context;
    try {
      const proposal = readProposal(signedProposal.getProposalBytes_asU8(), signedProposal.getSignature_asU8());
      const creator = checkProposal(proposal, {
        localMspId: mspId,
        channel: channel(),
        isSystem: (name) => system.has(name),
        isCommitted,
        nowMs: nowMs(),
      });
      readInvocation(proposal.input);
      return { proposal, creator };
    } catch (cause) {
      if (!(cause instanceof WireError)) throw cause;
      throw new EndorsementRefusal('proposal', cause.message, { cause });
    }
  }

  async #simulate(checked: CheckedProposal, state: StateSnapshot): Promise<ProposalResult> {
    const { proposal } = checked;
    const { inputBytes } = readInvocation(proposal.input);
    const chaincodeName = readChaincodeName(proposal.channelHeader.extension) ?? '';
    const rules = this.#context.collectionsOf(state);
    const { txId } = proposal.channelHeader;
    const { channelId } = proposal.channelHeader;
    const run = new Run({ context: this.#context, channelId, state, rules, checked });
    const { simulator } = run;
    const version = run.versionOf(chaincodeName);
    const { response, event } = await run.call(chaincodeName, inputBytes);
    const eventBytes =
      event === undefined
        ? new Uint8Array()
        : encodeEvent({
            chaincodeId: chaincodeName, // Both ids are the peer's own, whatever the chaincode claims.
            txId,
            eventName: event.name,
            payload: event.payload,
          });
    const failed = response.status >= errorStatusMin;
    if (channelId === '') return unendorsed(proposal, response);
    if (!failed) await this.#distribute(txId, simulator.privateResults(), rules);
    const payload = encodeResponsePayload({
      proposalHash: computeProposalHash(proposal, proposal.proposalPayload),
      extension: encodeChaincodeAction({
        results: failed ? new Uint8Array() : simulator.resultBytes(),
        events: eventBytes,
        response,
        chaincodeId: { name: chaincodeName, version },
      }),
    });
    return {
      proposal,
      response,
      sets: simulator.results(),
      privateReads: simulator.privateReads(),
      payload,
      endorsement: failed ? undefined : signEndorsement(this.#context.signer, payload),
    };
  }

  /** Before anything is signed: an endorsement says that the plain text is where it belongs. */
  async #distribute(txId: string, sets: readonly PrivateRwSet[], rules: CollectionRules): Promise<void> {
    if (sets.length === 0) return;
    try {
      await this.#context.distribute(txId, sets, rules);
    } catch (cause) {
      if (!(cause instanceof DistributionError)) throw cause;
      throw new EndorsementRefusal('peer', `error in simulation: ${cause.message}`, { cause });
    }
  }
}

/** What a peer says outside of any channel is an answer and nothing that could be ordered. */
function unendorsed(proposal: ParsedProposal, response: Response): ProposalResult {
  return { proposal, response, sets: [], privateReads: [], payload: new Uint8Array(), endorsement: undefined };
}
