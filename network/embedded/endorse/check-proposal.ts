import { common } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../config/channel-config.js';
import { MspError } from '../msp/errors.js';
import { checkExpiry, type Identity } from '../msp/identity.js';
import { computeTxId, type ParsedProposal } from '../wire/proposal.js';
import { EndorsementRefusal } from './refusal.js';

const writersPolicy = '/Channel/Application/Writers';

/** What a proposal is checked against. */
export interface ProposalContext {
  readonly channel: ChannelConfig;
  /** Whether the ledger holds that transaction, valid or not. */
  readonly isCommitted: (txId: string) => boolean;
  readonly nowMs: number;
}

/**
 * Whether a peer may run a proposal, in Fabric's order. @returns the admitted creator.
 * @throws EndorsementRefusal `proposal`, with Fabric's text
 * Source: Fabric core/endorser/{endorser,msgvalidation}.go and core/handlers/auth/filter/expiration.go.
 */
export function checkProposal(proposal: ParsedProposal, context: ProposalContext): Identity {
  checkHeaders(proposal);
  const { channelHeader, signatureHeader } = proposal;
  const { channelId, txId } = channelHeader;
  if (channelId !== context.channel.channelId) refuse(`channel not found: ${channelId}`, 'peer');
  const creator = admit(proposal, context);
  if (computeTxId(signatureHeader) !== txId) {
    refuse(
      `error validating proposal: incorrectly computed txid '${txId}' -- expected '${computeTxId(signatureHeader)}'`,
    );
  }
  if (context.isCommitted(txId))
    refuse(`duplicate transaction found [${txId}]. Creator [${hexOf(signatureHeader.creator)}]`);
  if (!context.channel.policy(writersPolicy).isSatisfiedBy([creator])) {
    refuse(`error validating proposal: access denied: channel [${channelId}] creator org [${creator.mspId}]`);
  }
  return creator;
}

function checkHeaders({ channelHeader, signatureHeader }: ParsedProposal): void {
  const { type, epoch, extension } = channelHeader;
  if (type !== common.HeaderType.ENDORSER_TRANSACTION && type !== common.HeaderType.CONFIG) {
    refuse(`error validating proposal: invalid header type ${type}`);
  }
  if (epoch !== 0n) refuse(`error validating proposal: epoch is non-zero`);
  if (extension.length === 0) refuse('error validating proposal: ChaincodeHeaderExtension is nil');
  if (signatureHeader.nonce.length === 0) refuse('error validating proposal: nonce is empty');
  if (signatureHeader.creator.length === 0) refuse('error validating proposal: creator is empty');
}

function admit(
  { channelHeader, signatureHeader, proposalBytes, signature }: ParsedProposal,
  context: ProposalContext,
): Identity {
  const denied = `error validating proposal: access denied: channel [${channelHeader.channelId}]`;
  let creator: Identity;
  try {
    creator = context.channel.msps.deserialize(signatureHeader.creator);
    checkExpiry(creator, context.nowMs);
  } catch (cause) {
    if (!(cause instanceof MspError)) throw cause;
    if (cause.code === 'CERT_EXPIRED') return refuse('proposal client identity expired');
    return refuse(`${denied} creator org unknown, creator is malformed`, 'proposal', cause);
  }
  if (!creator.verify(proposalBytes, signature)) refuse(`${denied} creator org [${creator.mspId}]`);
  return creator;
}

function refuse(message: string, kind: 'proposal' | 'peer' = 'proposal', cause?: unknown): never {
  throw new EndorsementRefusal(kind, message, { cause });
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
