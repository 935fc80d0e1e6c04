import { peer } from '@hyperledger/fabric-protos';
import { ChaincodeError } from '../chaincode/chaincode-error.js';
import { type ChaincodeOutcome, type ShimStream } from '../chaincode/shim-stream.js';
import { type CollectionRules } from '../commit/collection-rules.js';
import { type ChannelConfig } from '../config/channel-config.js';
import { type Identity } from '../msp/identity.js';
import { type Signer } from '../msp/signer.js';
import { SYSTEM_VERSION, type SystemCall, type SystemChaincode } from '../system/system-chaincode.js';
import { readChaincodeName } from '../wire/envelope.js';
import { computeProposalHash, type ParsedProposal, readInvocation, readProposal } from '../wire/proposal.js';
import { type PrivateRwSet } from '../wire/private-rwset.js';
import { Fields } from '../wire/protobuf-reader.js';
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
import { CollectionAccess } from './collection-access.js';
import { DistributionError } from './distribution-error.js';
import { encodeResponse } from './encode-response.js';
import { EndorsementRefusal } from './refusal.js';
import { signEndorsement } from './sign-endorsement.js';
import { SimulatedRequests } from './shim-requests.js';
import { type CollectionName, Simulator } from './simulator.js';
import { type StateSnapshot } from '../ledger/state-snapshot.js';

/** Status from which a chaincode's answer is an error and is not endorsed. Source: Fabric core/endorser/endorser.go. */
const errorStatusMin = 400;

/** The part of a peer that its endorser works with. */
export interface EndorserContext {
  readonly mspId: string;
  readonly signer: Signer;
  readonly channel: () => ChannelConfig;
  /** The peer's own chaincodes, by name. */
  readonly system: ReadonlyMap<string, SystemChaincode>;
  readonly isCommitted: (txId: string) => boolean;
  readonly openState: () => StateSnapshot;
  /** Version of a chaincode's committed definition; `undefined` where none is committed. */
  readonly versionOf: (state: StateSnapshot, chaincode: string) => string | undefined;
  readonly collectionsOf: (state: StateSnapshot) => CollectionRules;
  /** Hands private sets to the peers that are entitled to them, this one too. @throws Error with Fabric's text */
  readonly distribute: (txId: string, sets: readonly PrivateRwSet[], rules: CollectionRules) => Promise<void>;
  readonly streamTo: (chaincode: string) => ShimStream | undefined;
  readonly nowMs: () => number;
}

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
    const simulator = new Simulator(state, {
      txId,
      hasCollection: (namespace, collection) => rules.find(namespace, collection) !== undefined,
    });
    const run = new Run(this.#context, simulator, state, rules, checked);
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
    if (proposal.channelHeader.channelId === '') return unendorsed(proposal, response);
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

/** A proposal that was checked, as it came and opened. */
interface CheckedProposal {
  readonly proposal: ParsedProposal;
  readonly signedProposal: peer.SignedProposal;
  readonly creator: Identity;
}

/** One transaction on one peer: the chaincode that was called and those that it calls in turn. */
class Run {
  readonly #context: EndorserContext;
  readonly #simulator: Simulator;
  readonly #state: StateSnapshot;
  readonly #checked: CheckedProposal;
  readonly #access: CollectionAccess;

  constructor(
    context: EndorserContext,
    simulator: Simulator,
    state: StateSnapshot,
    rules: CollectionRules,
    checked: CheckedProposal,
  ) {
    this.#context = context;
    this.#simulator = simulator;
    this.#state = state;
    this.#checked = checked;
    this.#access = new CollectionAccess(checked.proposal.channelHeader.channelId, rules, checked.creator);
  }

  /** @throws EndorsementRefusal where no definition is committed */
  versionOf(chaincode: string): string {
    const version = this.#findVersion(chaincode);
    if (version !== undefined) return version;
    const { channelId } = this.#checked.proposal.channelHeader;
    throw new EndorsementRefusal(
      'peer',
      `make sure the chaincode ${chaincode} has been successfully defined on channel ${channelId} and try again: ` +
        `chaincode ${chaincode} not found`,
    );
  }

  #findVersion(chaincode: string): string | undefined {
    if (this.#context.system.has(chaincode)) return SYSTEM_VERSION;
    const { channelId } = this.#checked.proposal.channelHeader;
    return channelId === '' ? undefined : this.#context.versionOf(this.#state, chaincode);
  }

  /** @param input `ChaincodeInput` bytes. @throws EndorsementRefusal */
  async call(chaincode: string, input: Uint8Array): Promise<ChaincodeOutcome> {
    const system = this.#context.system.get(chaincode);
    if (system !== undefined) return { response: await system.invoke(this.#systemCall(input)) };
    const stream = this.#context.streamTo(chaincode);
    if (stream === undefined)
      throw new EndorsementRefusal('peer', `chaincode ${chaincode} is not installed on this peer`);
    const { channelId, txId } = this.#checked.proposal.channelHeader;
    const requests = new SimulatedRequests({
      simulator: this.#simulator,
      namespace: chaincode,
      txId,
      access: this.#access,
      invokeOther: (target, targetInput) => this.#callOther(target, targetInput),
    });
    const { signedProposal } = this.#checked;
    try {
      return await stream.execute({ channelId, txId, input, signedProposal, requests });
    } catch (cause) {
      if (!(cause instanceof ChaincodeError)) throw cause;
      const kind = cause.code === 'DUPLICATE' ? 'peer' : 'chaincode-gone';
      const message = `error in simulation: failed to execute transaction ${txId}: ${cause.message}`;
      throw new EndorsementRefusal(kind, message, { cause });
    }
  }

  #systemCall(input: Uint8Array): SystemCall {
    const { proposal, creator } = this.#checked;
    const { channelId, extension } = proposal.channelHeader;
    return {
      args: new Fields(input).allBytes(1),
      channelId,
      calledName: readChaincodeName(extension) ?? '',
      creator,
      simulator: channelId === '' ? undefined : this.#simulator,
    };
  }

  /**
   * Calls a chaincode for another one: in the same transaction, as the same client, in a namespace of its own.
   * @param target `name`, `name:version` or `name/channel`. @returns a COMPLETED message around the response, as the
   * shim expects it. @throws Error with Fabric's text. Source: core/chaincode/handler.go, HandleInvokeChaincode.
   */
  async #callOther(target: string, input: Uint8Array): Promise<Uint8Array> {
    const [named = '', channel = ''] = target.split('/');
    const [name = ''] = named.split(':');
    const { channelId, txId } = this.#checked.proposal.channelHeader;
    // A peer of this network has one channel; of any other it has no policies to ask.
    if (channel !== '' && channel !== channelId)
      throw new Error(`Failed to get policy manager for channel [${channel}]`);
    if (this.#findVersion(name) === undefined) {
      const info = `[channel ${channelId}] failed to get chaincode container info for ${name}`;
      throw new Error(`execute failed: invalid invocation: ${info}: chaincode ${name} not found`);
    }
    const { response } = await this.call(name, input).catch((cause: unknown) => {
      if (!(cause instanceof EndorsementRefusal)) throw cause;
      throw new Error(`execute failed: ${cause.message.replace('error in simulation: ', '')}`, { cause });
    });
    const message = new peer.ChaincodeMessage();
    message.setType(peer.ChaincodeMessage.Type.COMPLETED);
    message.setPayload(encodeResponse(response).serializeBinary());
    message.setTxid(txId);
    return message.serializeBinary();
  }
}
