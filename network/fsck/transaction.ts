import { sha256 } from './block.js';
import { type Channel, type Statement } from './channel.js';
import { type ByteString, Message } from './protobuf.js';
import { type NamespaceEffects, readEffects } from './rwset.js';
import { Unreadable } from './unreadable.js';

/** Codes of `peer.TxValidationCode` that a peer of this version gives. Source: Fabric's peer/transaction.proto. */
export const CODE = {
  VALID: 0,
  BAD_PAYLOAD: 2,
  BAD_COMMON_HEADER: 3,
  BAD_CREATOR_SIGNATURE: 4,
  INVALID_ENDORSER_TRANSACTION: 5,
  UNSUPPORTED_TX_PAYLOAD: 7,
  BAD_PROPOSAL_TXID: 8,
  DUPLICATE_TXID: 9,
  ENDORSEMENT_POLICY_FAILURE: 10,
  MVCC_READ_CONFLICT: 11,
  PHANTOM_READ_CONFLICT: 12,
  BAD_HEADER_EXTENSION: 19,
  BAD_RESPONSE_PAYLOAD: 21,
  BAD_RWSET: 22,
  ILLEGAL_WRITESET: 23,
  INVALID_CHAINCODE: 25,
  INVALID_OTHER_REASON: 255,
} as const;

/** Ends the judgement of a transaction. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** Header types of `common.HeaderType`. */
export const HEADER = { config: 1, configUpdate: 2, endorserTransaction: 3 } as const;

/** An envelope, opened down to its headers. */
export interface Opened {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly data: Uint8Array;
  readonly channelHeader: Uint8Array;
  readonly type: number;
  readonly channel: ByteString;
  readonly txId: ByteString;
  readonly epoch: bigint;
  readonly extension: Uint8Array;
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
}

/** An endorser transaction whose form is sound. */
export interface Formed {
  readonly statements: readonly Statement[];
  readonly effects: readonly NamespaceEffects[];
  /** Namespaces whose policies must be met, the invoked chaincode's first. */
  readonly namespaces: readonly ByteString[];
}

/** Opens `common.Envelope`. @throws Refused with the code that a peer gives to bytes which do not parse there */
export function openEnvelope(bytes: Uint8Array): Opened {
  const envelope = part(CODE.INVALID_OTHER_REASON, () => new Message(bytes));
  const payload = envelope.bytes(1);
  const fields = part(CODE.BAD_PAYLOAD, () => new Message(payload));
  const headerBytes = fields.part(1);
  if (headerBytes === undefined) throw new Refused(CODE.BAD_COMMON_HEADER, 'no header');
  const header = part(CODE.BAD_PAYLOAD, () => new Message(headerBytes));
  return part(CODE.BAD_COMMON_HEADER, () => {
    const channelHeader = new Message(header.bytes(1));
    const signatureHeader = new Message(header.bytes(2));
    channelHeader.message(3); // The time must parse, whatever it says.
    return {
      payload,
      signature: envelope.bytes(2),
      data: fields.bytes(2),
      channelHeader: header.bytes(1),
      type: channelHeader.int(1),
      channel: channelHeader.text(4),
      txId: channelHeader.text(5),
      epoch: channelHeader.uint(6),
      extension: channelHeader.bytes(7),
      creator: signatureHeader.bytes(1),
      nonce: signatureHeader.bytes(2),
    };
  });
}

/** Checks headers and the creator's signature. @throws Refused. Source: Fabric's core/common/validation/msgvalidation.go. */
export function checkCreator(opened: Opened, channel: Channel): void {
  const { type, epoch, nonce, creator, payload, signature } = opened;
  const known = type === HEADER.config || type === HEADER.configUpdate || type === HEADER.endorserTransaction;
  if (!known || epoch !== 0n || nonce.length === 0 || creator.length === 0) {
    throw new Refused(CODE.BAD_COMMON_HEADER, 'a header of another kind');
  }
  const member = opened.channel === channel.name ? channel.member(creator) : undefined;
  if (member?.signed(payload, signature) !== true) throw new Refused(CODE.BAD_CREATOR_SIGNATURE, 'not its creator');
}

/**
 * Checks an endorser transaction as far as it can be judged by itself. @param isKnown whether an earlier block holds
 * the id. @throws Refused. Source: msgvalidation.go, and core/committer/txvalidator/v20.
 */
export function readFormed(opened: Opened, isKnown: (txId: ByteString) => boolean): Formed {
  if (opened.txId !== sha256(opened.nonce, opened.creator).toString('hex')) {
    throw new Refused(CODE.BAD_PROPOSAL_TXID, 'an id of something else');
  }
  const { proposalPayload, responsePayload, signatureHeader, endorsements } = readAction(opened.data);
  const response = part(CODE.INVALID_ENDORSER_TRANSACTION, () => new Message(responsePayload));
  const promised = sha256(opened.channelHeader, signatureHeader, proposalPayload);
  if (proposalPayload.length === 0 || !promised.equals(response.bytes(1))) {
    throw new Refused(CODE.INVALID_ENDORSER_TRANSACTION, 'endorsed for another proposal');
  }
  if (isKnown(opened.txId)) throw new Refused(CODE.DUPLICATE_TXID, 'an id of an earlier block');
  const invoked = part(CODE.BAD_HEADER_EXTENSION, () => {
    const id = new Message(opened.extension).part(2);
    return id && new Message(id).text(2);
  });
  const { results, chaincode, event } = readOutcome(response.bytes(2));
  const effects = part(CODE.BAD_RWSET, () => readEffects(results));
  checkChaincode(invoked, chaincode);
  checkEvent(event, invoked);
  return {
    effects,
    namespaces: namespacesOf(effects, invoked ?? ''),
    statements: endorsements.map(({ endorser, signature }) => ({
      signer: endorser,
      message: Buffer.concat([responsePayload, endorser]),
      signature,
    })),
  };
}

function readAction(data: Uint8Array) {
  return part(CODE.INVALID_ENDORSER_TRANSACTION, () => {
    const actions = new Message(data).all(1);
    const [only] = actions;
    if (only === undefined || actions.length > 1) throw new Unreadable('not one action');
    const action = new Message(only);
    const signatureHeader = new Message(action.bytes(1));
    const payload = new Message(action.bytes(2));
    const endorsed = payload.part(2);
    if (endorsed === undefined) throw new Unreadable('no endorsed action');
    if (signatureHeader.bytes(1).length === 0 || signatureHeader.bytes(2).length === 0) {
      throw new Unreadable('an action of nobody');
    }
    const fields = new Message(endorsed);
    return {
      signatureHeader: action.bytes(1),
      proposalPayload: payload.bytes(1),
      responsePayload: fields.bytes(1),
      endorsements: fields.all(2).map((bytes) => {
        const endorsement = new Message(bytes);
        return { endorser: endorsement.bytes(1), signature: endorsement.bytes(2) };
      }),
    };
  });
}

function readOutcome(extension: Uint8Array) {
  return part(CODE.BAD_RESPONSE_PAYLOAD, () => {
    if (extension.length === 0) throw new Unreadable('no outcome');
    const action = new Message(extension);
    action.message(3).text(2);
    const id = action.part(4);
    const fields = id && new Message(id);
    fields?.text(1);
    return {
      results: action.bytes(1),
      event: action.bytes(2),
      chaincode: fields && { name: fields.text(2), version: fields.text(3) },
    };
  });
}

function checkChaincode(
  invoked: ByteString | undefined,
  chaincode: { readonly name: ByteString; readonly version: ByteString } | undefined,
): void {
  if (invoked === undefined || chaincode === undefined) throw new Refused(CODE.INVALID_OTHER_REASON, 'no chaincode');
  if (invoked === '' || invoked !== chaincode.name || chaincode.version === '') {
    throw new Refused(CODE.INVALID_CHAINCODE, 'two chaincodes');
  }
}

function checkEvent(event: Uint8Array, invoked: ByteString | undefined): void {
  if (event.length === 0) return;
  const name = part(CODE.INVALID_OTHER_REASON, () => {
    const fields = new Message(event);
    fields.text(2);
    fields.text(3);
    return fields.text(1);
  });
  if (name !== invoked) throw new Refused(CODE.INVALID_OTHER_REASON, 'an event of another chaincode');
}

function namespacesOf(effects: readonly NamespaceEffects[], invoked: ByteString): ByteString[] {
  const names = effects.map(({ namespace }) => namespace);
  const nameless = effects.some(({ collections }) => collections.some(({ collection }) => collection === ''));
  if (nameless || new Set(names).size < names.length) throw new Refused(CODE.ILLEGAL_WRITESET, 'effects told twice');
  const written = effects.filter(({ publicKeys, collections }) =>
    [publicKeys, ...collections].some(({ writes, metadata }) => writes.length + metadata.length > 0),
  );
  return [...new Set([invoked, ...written.map(({ namespace }) => namespace)])];
}

/** What does not parse within `read` is refused with this code. */
function part<Result>(code: number, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof Unreadable) throw new Refused(code, cause.message);
    throw cause;
  }
}
