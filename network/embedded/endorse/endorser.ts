import { peer } from '@hyperledger/fabric-protos';
import { ChaincodeError } from '../chaincode/chaincode-error.js';
import { type ChaincodeOutcome, type ShimStream } from '../chaincode/shim-stream.js';
import { type ChannelConfig } from '../config/channel-config.js';
import { type Signer } from '../msp/signer.js';
import { computeProposalHash, type ParsedProposal, readInvocation, readProposal } from '../wire/proposal.js';
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
import { encodeResponse } from './encode-response.js';
import { EndorsementRefusal } from './refusal.js';
import { signEndorsement } from './sign-endorsement.js';
import { SimulatedRequests } from './shim-requests.js';
import { Simulator } from './simulator.js';
import { type StateSnapshot } from '../ledger/state-snapshot.js';

/** Status from which a chaincode's answer is an error and is not endorsed. Source: Fabric core/endorser/endorser.go. */
const errorStatusMin = 400;

/** The part of a peer that its endorser works with. */
export interface EndorserContext {
  readonly signer: Signer;
  readonly channel: () => ChannelConfig;
  readonly isCommitted: (txId: string) => boolean;
  readonly openState: () => StateSnapshot;
  /** Version of a chaincode's committed definition; `undefined` where none is committed. */
  readonly versionOf: (state: StateSnapshot, chaincode: string) => string | undefined;
  readonly streamTo: (chaincode: string) => ShimStream | undefined;
  readonly nowMs: () => number;
}

/** What simulating a proposal gave. `endorsement` is absent where the chaincode answered an error. */
export interface ProposalResult {
  readonly proposal: ParsedProposal;
  readonly response: Response;
  readonly sets: readonly NamespaceRwSet[];
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
    const proposal = parseProposal(signedProposal);
    const { channel, isCommitted, nowMs } = this.#context;
    checkProposal(proposal, { channel: channel(), isCommitted, nowMs: nowMs() });
    const state = this.#context.openState();
    try {
      return await this.#simulate(proposal, signedProposal, state);
    } finally {
      await state.close();
    }
  }

  async #simulate(
    proposal: ParsedProposal,
    signedProposal: peer.SignedProposal,
    state: StateSnapshot,
  ): Promise<ProposalResult> {
    const { chaincodeName, inputBytes } = readInvocation(proposal.input);
    const simulator = new Simulator(state);
    const run = new Run(this.#context, simulator, state, proposal, signedProposal);
    const version = run.versionOf(chaincodeName);
    const { response, event } = await run.call(chaincodeName, inputBytes);
    const eventBytes =
      event === undefined
        ? new Uint8Array()
        : encodeEvent({
            chaincodeId: chaincodeName, // Both ids are the peer's own, whatever the chaincode claims.
            txId: proposal.channelHeader.txId,
            eventName: event.name,
            payload: event.payload,
          });
    const failed = response.status >= errorStatusMin;
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
      payload,
      endorsement: failed ? undefined : signEndorsement(this.#context.signer, payload),
    };
  }
}

/** One transaction on one peer: the chaincode that was called and those that it calls in turn. */
class Run {
  readonly #context: EndorserContext;
  readonly #simulator: Simulator;
  readonly #state: StateSnapshot;
  readonly #proposal: ParsedProposal;
  readonly #signedProposal: peer.SignedProposal;

  constructor(
    context: EndorserContext,
    simulator: Simulator,
    state: StateSnapshot,
    proposal: ParsedProposal,
    signedProposal: peer.SignedProposal,
  ) {
    this.#context = context;
    this.#simulator = simulator;
    this.#state = state;
    this.#proposal = proposal;
    this.#signedProposal = signedProposal;
  }

  /** @throws EndorsementRefusal where no definition is committed */
  versionOf(chaincode: string): string {
    const version = this.#context.versionOf(this.#state, chaincode);
    if (version !== undefined) return version;
    const { channelId } = this.#proposal.channelHeader;
    throw new EndorsementRefusal(
      'peer',
      `make sure the chaincode ${chaincode} has been successfully defined on channel ${channelId} and try again: ` +
        `chaincode ${chaincode} not found`,
    );
  }

  /** @param input `ChaincodeInput` bytes. @throws EndorsementRefusal */
  async call(chaincode: string, input: Uint8Array): Promise<ChaincodeOutcome> {
    const stream = this.#context.streamTo(chaincode);
    if (stream === undefined)
      throw new EndorsementRefusal('peer', `chaincode ${chaincode} is not installed on this peer`);
    const { channelId, txId } = this.#proposal.channelHeader;
    const requests = new SimulatedRequests(this.#simulator, chaincode, txId, (target, targetInput) =>
      this.#callOther(target, targetInput),
    );
    try {
      return await stream.execute({ channelId, txId, input, signedProposal: this.#signedProposal, requests });
    } catch (cause) {
      if (!(cause instanceof ChaincodeError)) throw cause;
      const kind = cause.code === 'DUPLICATE' ? 'peer' : 'chaincode-gone';
      const message = `error in simulation: failed to execute transaction ${txId}: ${cause.message}`;
      throw new EndorsementRefusal(kind, message, { cause });
    }
  }

  /** @param target `name` or `name/channel`. @returns a COMPLETED message around the response, as the shim expects it. */
  async #callOther(target: string, input: Uint8Array): Promise<Uint8Array> {
    const [name = '', channel] = target.split('/');
    const { channelId, txId } = this.#proposal.channelHeader;
    if (channel !== undefined && channel !== '' && channel !== channelId)
      throw new Error(`channel ${channel} not found`);
    this.versionOf(name);
    const { response } = await this.call(name, input);
    const message = new peer.ChaincodeMessage();
    message.setType(peer.ChaincodeMessage.Type.COMPLETED);
    message.setPayload(encodeResponse(response).serializeBinary());
    message.setTxid(txId);
    return message.serializeBinary();
  }
}

function parseProposal(signed: peer.SignedProposal): ParsedProposal {
  try {
    return readProposal(signed.getProposalBytes_asU8(), signed.getSignature_asU8());
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new EndorsementRefusal('proposal', `error validating proposal: ${cause.message}`, { cause });
  }
}
