import { type ChainBuilder } from '../crypto/chain.js';
import { isInWindow, isNode, type Member, type Membership, revokedAtMs } from '../crypto/membership.js';
import { readEcdsaSignature } from '../crypto/signature.js';
import { concat, toHex } from '../bytes.js';
import { type Proposal, rebuildProposal } from '../fabric/proposal.js';
import { type ResponsePayload } from '../fabric/response-payload.js';
import { type Attestation, type Receipt } from '../format/receipt.js';
import { type Epoch, type Organisation, type TrustRoot } from '../trust/trust-root.js';
import { CheckFailed, demand } from './finding.js';
import { type IdentityLookup, type KnownIdentity } from './identity-book.js';

/** How far an attestation's claimed time may lie outside of an epoch: what peers' clocks tolerate. */
export const CLOCK_SKEW_MS = 300_000;
/** common.HeaderType.ENDORSER_TRANSACTION. */
const ENDORSER_TRANSACTION = 3n;

/** What the checks of signatures work with. */
export interface Signers {
  readonly trust: TrustRoot;
  readonly builder: ChainBuilder;
  readonly membership: Membership;
  readonly identities: IdentityLookup;
  /** Every organisation of every epoch: revocations count whenever they were listed. */
  readonly everywhere: readonly Organisation[];
}

/** Step `channel`. @throws CheckFailed, ProofError */
export function checkChannel(receipt: Receipt, payload: ResponsePayload, { trust, identities }: Signers): Proposal {
  demand(receipt.channel === trust.channel, 'CHANNEL_MISMATCH', { receipt: receipt.channel, trusted: trust.channel });
  demand(toHex(receipt.genesis) === trust.genesis, 'GENESIS_MISMATCH');
  return checkProposal(receipt.attestation, payload, trust.channel, identities);
}

/** Rebuilds the proposal and compares its hash, channel and chaincode. @throws CheckFailed, ProofError */
export function checkProposal(
  attestation: Attestation,
  payload: ResponsePayload,
  channel: string,
  identities: IdentityLookup,
): Proposal {
  const creator = identities(attestation.creator);
  if (creator === undefined) throw new CheckFailed('ERROR', 'CREATOR_UNKNOWN', { ref: toHex(attestation.creator) });
  const proposal = rebuildProposal(attestation, creator.bytes);
  demand(proposal.type === ENDORSER_TRANSACTION && proposal.channel === channel, 'CHANNEL_MISMATCH', {
    signed: proposal.channel,
    trusted: channel,
  });
  const { name } = payload.chaincode;
  demand(proposal.chaincode === name && proposal.called === name, 'PROPOSAL_CHAINCODE', { answered: name });
  demand(toHex(proposal.hash) === toHex(payload.proposalHash), 'PROPOSAL_HASH');
  return proposal;
}

/** The epoch a receipt names, whose time the proposal's must be in. @throws CheckFailed EPOCH_UNKNOWN, EPOCH_TIME */
export function findEpoch(trust: TrustRoot, configBlock: number, timeMs: number): Epoch {
  const index = trust.epochs.findIndex((each) => each.configBlock === configBlock);
  const epoch = trust.epochs[index];
  if (epoch === undefined) throw new CheckFailed('ERROR', 'EPOCH_UNKNOWN', { configBlock });
  const until = trust.epochs[index + 1]?.from;
  const early = timeMs < Date.parse(epoch.from) - CLOCK_SKEW_MS;
  const late = until !== undefined && timeMs > Date.parse(until) + CLOCK_SKEW_MS;
  demand(!early && !late, 'EPOCH_TIME', { at: new Date(timeMs).toISOString(), from: epoch.from, until: until ?? '' });
  return epoch;
}

/** Where and when signatures must hold. */
export interface SigningMoment {
  readonly epoch: Epoch;
  /** Unix milliseconds of the proposal. */
  readonly timeMs: number;
  /** Unix milliseconds that a time-stamping authority vouches for, where one does. */
  readonly stampedMs: number | undefined;
}

/**
 * Step `signatures`: every one of them must hold, so that nobody pads a receipt, and k organisations must be among them.
 * @returns MSP ids of the organisations that signed. @throws CheckFailed, ProofError
 */
export async function checkSignatures(
  attestation: Attestation,
  moment: SigningMoment,
  signers: Signers,
): Promise<readonly string[]> {
  const { policy } = signers.trust;
  const members = await Promise.all(
    attestation.signatures.map(({ endorser, signature }) =>
      checkEndorsement(attestation.payload, endorser, signature, moment, signers),
    ),
  );
  const found = [...new Set(members.map(({ mspId }) => mspId))];
  demand(found.length >= policy.organisationsMin, 'ORGANISATIONS_TOO_FEW', {
    found: found.join(', '),
    wanted: policy.organisationsMin,
  });
  return found;
}

async function checkEndorsement(
  payload: Uint8Array,
  ref: Uint8Array,
  signature: Uint8Array,
  moment: SigningMoment,
  signers: Signers,
): Promise<Member> {
  const identity = signers.identities(ref);
  if (identity === undefined) throw new CheckFailed('ERROR', 'ENDORSER_UNKNOWN', { ref: toHex(ref) });
  const { mspId } = identity;
  demand(signers.trust.policy.organisations.includes(mspId), 'ORGANISATION_UNKNOWN', { mspId });
  const member = await findMember(identity, moment, signers);
  demand(isNode(member, member.organisation.nodeUnits?.peer), 'ENDORSER_NOT_PEER', {
    mspId,
    certificate: member.certificate.commonName,
  });
  await verifyBy(member, signature, concat(payload, identity.bytes), signers);
  return member;
}

/** A member of one of the epoch's organisations whose certificate held at that moment. @throws CheckFailed */
export async function findMember(identity: KnownIdentity, moment: SigningMoment, signers: Signers): Promise<Member> {
  const { mspId } = identity;
  const member = await signers.membership.find(identity, moment.epoch.organisations);
  if (typeof member === 'string') throw new CheckFailed('INVALID', member, { mspId });
  const certificate = member.certificate.commonName;
  demand(isInWindow(member, moment.timeMs), 'CERTIFICATE_EXPIRED', { mspId, certificate });
  const revokedMs = revokedAtMs(member, signers.everywhere);
  const sound = revokedMs === undefined || (moment.stampedMs !== undefined && moment.stampedMs < revokedMs);
  demand(sound, 'CERTIFICATE_REVOKED', { mspId, certificate });
  return member;
}

/** A signature in strict DER with low s that holds. @throws CheckFailed SIGNATURE_DER, SIGNATURE_HIGH_S, SIGNATURE_INVALID */
async function verifyBy(
  { mspId, certificate }: Member,
  signature: Uint8Array,
  data: Uint8Array,
  { builder }: Pick<Signers, 'builder'>,
): Promise<void> {
  const read = readEcdsaSignature(signature);
  demand(read !== undefined, 'SIGNATURE_DER', { mspId });
  demand(read.lowS, 'SIGNATURE_HIGH_S', { mspId });
  const key = builder.key(certificate);
  demand(key !== undefined && (await key.verify(read.raw, data)), 'SIGNATURE_INVALID', { mspId });
}
