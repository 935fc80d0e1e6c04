import { peer } from '@hyperledger/fabric-protos';
import { ChaincodeError } from '../chaincode/chaincode-error.js';
import { type ChaincodeOutcome } from '../chaincode/shim-stream.js';
import { type CollectionRules } from '../commit/collection-rules.js';
import { type StateSnapshot } from '../ledger/state-snapshot.js';
import { type Identity } from '../msp/identity.js';
import { CHANNEL_WRITERS, channelRefusal } from '../system/access.js';
import { SYSTEM_VERSION, type SystemCall } from '../system/system-chaincode.js';
import { readChaincodeName } from '../wire/envelope.js';
import { type ParsedProposal } from '../wire/proposal.js';
import { Fields } from '../wire/protobuf-reader.js';
import { type Response } from '../wire/transaction.js';
import { CollectionAccess } from './collection-access.js';
import { encodeResponse } from './encode-response.js';
import { type EndorserContext } from './endorser-context.js';
import { EndorsementRefusal } from './refusal.js';
import { SimulatedRequests } from './shim-requests.js';
import { Simulator } from './simulator.js';

/** A proposal that was checked, as it came and opened. */
export interface CheckedProposal {
  readonly proposal: ParsedProposal;
  readonly signedProposal: peer.SignedProposal;
  readonly creator: Identity;
}

/** What one transaction runs on. */
interface RunParts {
  readonly context: EndorserContext;
  /** The proposal's channel, or the one that a chaincode asked for. Empty for a proposal to the peer itself. */
  readonly channelId: string;
  readonly state: StateSnapshot;
  readonly rules: CollectionRules;
  readonly checked: CheckedProposal;
}

/** One transaction on one channel of one peer: the chaincode that was called and those that it calls in turn. */
export class Run {
  readonly simulator: Simulator;
  readonly #parts: RunParts;
  readonly #access: CollectionAccess;

  constructor(parts: RunParts) {
    const { channelId, state, rules, checked } = parts;
    this.#parts = parts;
    this.simulator = new Simulator(state, {
      txId: checked.proposal.channelHeader.txId,
      hasCollection: (namespace, collection) => rules.find(namespace, collection) !== undefined,
    });
    this.#access = new CollectionAccess(channelId, rules, checked.creator);
  }

  /** @throws EndorsementRefusal where no definition is committed */
  versionOf(chaincode: string): string {
    const version = this.#findVersion(chaincode);
    if (version !== undefined) return version;
    const { channelId } = this.#parts;
    throw new EndorsementRefusal('peer', notDefined(chaincode, channelId, `chaincode ${chaincode} not found`));
  }

  #findVersion(chaincode: string): string | undefined {
    const { context, channelId, state } = this.#parts;
    if (context.system.has(chaincode)) return SYSTEM_VERSION;
    return channelId === '' ? undefined : context.versionOf(state, chaincode);
  }

  /** @param input `ChaincodeInput` bytes. @throws EndorsementRefusal */
  async call(chaincode: string, input: Uint8Array): Promise<ChaincodeOutcome> {
    const { context, channelId, state, checked } = this.#parts;
    const system = context.system.get(chaincode);
    if (system !== undefined) return { response: await system.invoke(this.#systemCall(input)) };
    const stream = context.streamTo(state, chaincode);
    if (stream === undefined) {
      const why = `chaincode definition for '${chaincode}' exists, but chaincode is not installed`;
      throw new EndorsementRefusal('peer', notDefined(chaincode, channelId, why));
    }
    const { signedProposal, proposal } = checked;
    const { txId } = proposal.channelHeader;
    const requests = new SimulatedRequests({
      simulator: this.simulator,
      namespace: chaincode,
      txId,
      access: this.#access,
      invokeOther: (target, targetInput) => this.#callOther(target, targetInput),
    });
    try {
      return await stream.execute({ channelId, txId, input, signedProposal, requests });
    } catch (cause) {
      if (!(cause instanceof ChaincodeError)) throw cause;
      const kind = cause.code === 'DUPLICATE' ? 'peer' : 'chaincode-gone';
      const what = cause.code === 'UNREACHABLE' ? cause.message : `error sending: ${cause.message}`;
      const message = `error in simulation: failed to execute transaction ${txId}: ${what}`;
      throw new EndorsementRefusal(kind, message, { cause });
    }
  }

  #systemCall(input: Uint8Array): SystemCall {
    const { channelId, checked } = this.#parts;
    const { proposal, creator } = checked;
    return {
      args: new Fields(input).allBytes(1),
      channelId,
      calledName: readChaincodeName(proposal.channelHeader.extension) ?? '',
      creator,
      simulator: channelId === '' ? undefined : this.simulator,
    };
  }

  /**
   * Calls a chaincode for another one: in the same transaction, as the same client, in a namespace of its own. On another
   * channel it only reads: what it writes there is dropped, and no later change of what it read is noticed.
   * @param target `name`, `name:version` or `name/channel`. @returns a COMPLETED message around the response, as the
   * shim expects it. @throws Error with Fabric's text. Source: core/chaincode/handler.go, HandleInvokeChaincode.
   */
  async #callOther(target: string, input: Uint8Array): Promise<Uint8Array> {
    const { channelId, checked } = this.#parts;
    const [named = '', channel = ''] = target.split('/');
    const [name = ''] = named.split(':');
    const elsewhere = channel !== '' && channel !== channelId;
    const response = elsewhere ? await this.#callOn(channel, name, input) : await this.#callNamed(name, input);
    const message = new peer.ChaincodeMessage();
    message.setType(peer.ChaincodeMessage.Type.COMPLETED);
    message.setPayload(encodeResponse(response).serializeBinary());
    message.setTxid(checked.proposal.channelHeader.txId);
    return message.serializeBinary();
  }

  /** On another channel: by its rights, on its state. */
  async #callOn(channelId: string, name: string, input: Uint8Array): Promise<Response> {
    const { context, checked } = this.#parts;
    const there = context.onChannel(channelId);
    const { proposalBytes: message, signature, signatureHeader } = checked.proposal;
    const signed = { identity: signatureHeader.creator, message, signature };
    const creators = there?.channel().msps.validSigners([signed]) ?? []; // Another channel may not know them.
    const refusal = channelRefusal(there?.channel(), channelId, CHANNEL_WRITERS, creators);
    if (refusal !== undefined && !context.system.has(name)) throw new Error(refusal);
    if (there === undefined) throw new Error(`failed to find ledger for channel: ${channelId}`);
    const state = there.openState();
    const [creator = checked.creator] = creators;
    try {
      const run = new Run({
        context: there,
        channelId,
        state,
        rules: there.collectionsOf(state),
        checked: { ...checked, creator },
      });
      return await run.#callNamed(name, input);
    } finally {
      await state.close();
    }
  }

  async #callNamed(name: string, input: Uint8Array): Promise<Response> {
    if (this.#findVersion(name) === undefined) {
      const info = `[channel ${this.#parts.channelId}] failed to get chaincode container info for ${name}`;
      throw new Error(`execute failed: invalid invocation: ${info}: chaincode ${name} not found`);
    }
    const { response } = await this.call(name, input).catch((cause: unknown) => {
      if (!(cause instanceof EndorsementRefusal)) throw cause;
      throw new Error(`execute failed: ${cause.message.replace('error in simulation: ', '')}`, { cause });
    });
    return response;
  }
}

function notDefined(chaincode: string, channelId: string, why: string): string {
  return `make sure the chaincode ${chaincode} has been successfully defined on channel ${channelId} and try again: ${why}`;
}
