import { common } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../config/channel-config.js';
import { MspError } from '../msp/errors.js';
import { checkExpiry, type Identity } from '../msp/identity.js';
import { CHANNEL_WRITERS, channelRefusal } from '../system/access.js';
import { readChaincodeName } from '../wire/envelope.js';
import { Fields } from '../wire/protobuf-reader.js';
import { WireError } from '../wire/wire-error.js';
import { computeTxId, type ParsedProposal } from '../wire/proposal.js';
import { EndorsementRefusal, type RefusalKind } from './refusal.js';

const invalid = 'error validating proposal';
/** What Fabric cannot make an identity of; the rest it makes one of, and then does not find it valid. */
const unreadable: readonly MspError['code'][] = ['UNKNOWN_MSP', 'CERT_MALFORMED', 'CERT_UNTRUSTED'];

/** What a proposal is checked against. */
export interface ProposalContext {
  /** Whose peer this is: a proposal without a channel must come from there. */
  readonly localMspId: string;
  readonly channel: ChannelConfig;
  /** Whether a chaincode is the peer's own; such a one decides itself who may call it. */
  readonly isSystem: (chaincode: string) => boolean;
  /** Whether the ledger holds that transaction, valid or not. */
  readonly isCommitted: (txId: string) => boolean;
  readonly nowMs: number;
}

/**
 * Whether a peer may run a proposal, in Fabric's order. @returns the admitted creator.
 * @throws EndorsementRefusal with Fabric's text; WireError where the chaincode's name does not parse
 * Source: Fabric core/endorser/{endorser,msgvalidation}.go and core/handlers/auth/filter/expiration.go.
 */
export function checkProposal(proposal: ParsedProposal, context: ProposalContext): Identity {
  const { channelHeader, signatureHeader } = proposal;
  const { channelId, txId, extension } = channelHeader;
  const { channel } = context;
  const chaincode = checkChaincodeName(extension);
  if (channelId !== '' && channelId !== channel.channelId) refuse(`channel '${channelId}' not found`, 'peer');
  checkHeaders(proposal);
  const creator = admit(proposal, context);
  if (channelId === '') return creator;
  if (context.isCommitted(txId))
    refuse(`duplicate transaction found [${txId}]. Creator [${hexOf(signatureHeader.creator)}]`);
  const denied = context.isSystem(chaincode)
    ? undefined
    : channelRefusal(channel, channelId, CHANNEL_WRITERS, [creator]);
  if (denied !== undefined) refuse(denied);
  return creator;
}

function checkChaincodeName(extension: Uint8Array): string {
  const name = readChaincodeName(extension);
  if (name === undefined) return refuse('ChaincodeHeaderExtension.ChaincodeId is nil');
  if (name === '') return refuse('ChaincodeHeaderExtension.ChaincodeId.Name is empty');
  return name;
}

function checkHeaders({ channelHeader, signatureHeader }: ParsedProposal): void {
  const { type, epoch, txId } = channelHeader;
  if (type !== common.HeaderType.ENDORSER_TRANSACTION && type !== common.HeaderType.CONFIG) {
    refuse(`${invalid}: invalid header type ${nameOfType(type)}`);
  }
  if (epoch !== 0n) refuse(`${invalid}: epoch is non-zero`);
  if (signatureHeader.nonce.length === 0) refuse(`${invalid}: nonce is empty`);
  if (signatureHeader.creator.length === 0) refuse(`${invalid}: creator is empty`);
  const expected = computeTxId(signatureHeader);
  if (txId !== expected) refuse(`${invalid}: incorrectly computed txid '${txId}' -- expected '${expected}'`);
}

function admit(
  { channelHeader, signatureHeader, proposalBytes, signature }: ParsedProposal,
  context: ProposalContext,
): Identity {
  const { channelId } = channelHeader;
  const denied = `${invalid}: access denied: channel [${channelId}]`;
  const unknown = `${denied} creator org unknown, creator is malformed`;
  const generic = `${denied} creator org [${mspIdOf(signatureHeader.creator)}]`;
  let creator: Identity;
  try {
    creator = context.channel.msps.deserialize(signatureHeader.creator);
    checkExpiry(creator, context.nowMs);
  } catch (cause) {
    if (!(cause instanceof MspError)) throw cause;
    if (cause.code === 'CERT_EXPIRED') return refuse('proposal client identity expired', 'filter');
    return refuse(unreadable.includes(cause.code) ? unknown : generic, 'proposal', cause);
  }
  if (channelId === '' && creator.mspId !== context.localMspId) return refuse(unknown);
  if (!creator.verify(proposalBytes, signature)) refuse(generic);
  return creator;
}

/** The organisation that an identity claims, whether or not it is one. */
function mspIdOf(creator: Uint8Array): string {
  try {
    return new Fields(creator).text(1);
  } catch (cause) {
    if (cause instanceof WireError) return '';
    throw cause;
  }
}

function refuse(message: string, kind: RefusalKind = 'proposal', cause?: unknown): never {
  throw new EndorsementRefusal(kind, message, { cause });
}

/** The name that Fabric's enumeration gives a header type; the number where it has none. */
function nameOfType(type: number): string {
  return Object.entries(common.HeaderType).find(([, number]) => number === type)?.[0] ?? String(type);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
