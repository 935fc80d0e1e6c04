import { type ChainBuilder } from '../crypto/chain.js';
import { isInWindow, isNode, type Membership } from '../crypto/membership.js';
import { readEcdsaSignature } from '../crypto/signature.js';
import { blockSignatures, type BlockSignature, type SignedBlock } from '../fabric/block.js';
import { readIdentity, readPem } from '../fabric/identity.js';
import { type Epoch, type Organisation } from '../trust/trust-root.js';

/** Distinct orderers whose signatures stand over a block, and how many the epoch demands. */
export interface BlockSigners {
  readonly signers: readonly string[];
  /** Whether every signature holds, those of a signer that repeats itself included. */
  readonly allHold: boolean;
  readonly wanted: number;
}

/**
 * Counts distinct orderers whose signatures over the block hold under an epoch's rule. A signature that does not hold
 * or repeats a signer adds nothing. @throws {ProofError} for bytes that are no signatures or certificates
 * Source: Fabric common/policies and orderer/consensus/smartbft; protoutil/blockutils.go, BlockSignatureVerifier.
 */
export async function findBlockSigners(
  block: SignedBlock,
  epoch: Epoch,
  tools: { readonly builder: ChainBuilder; readonly membership: Membership },
): Promise<BlockSigners> {
  const found: string[] = [];
  const signatures = blockSignatures(block);
  for (const each of signatures) {
    const signer = await findSigner(each, epoch, tools);
    if (signer !== undefined) found.push(signer);
  }
  const allHold = found.length === signatures.length;
  return {
    signers: [...new Set(found)],
    allHold,
    wanted: epoch.ordering.rule === 'quorum' ? epoch.ordering.quorum : 1,
  };
}

type Tools = Parameters<typeof findBlockSigners>[2];

async function findSigner(each: BlockSignature, epoch: Epoch, tools: Tools): Promise<string | undefined> {
  const signature = readEcdsaSignature(each.signature);
  if (signature?.lowS !== true) return undefined;
  const named = epoch.ordering.rule === 'quorum' ? findConsenter(each, epoch, tools) : findOrderer(each, epoch, tools);
  const signer = await named;
  const key = signer && tools.builder.key(signer.certificate);
  if (signer === undefined || key === undefined) return undefined;
  return (await key.verify(signature.raw, each.signed)) ? signer.name : undefined;
}

type Named = Promise<{ name: string; certificate: ReturnType<ChainBuilder['read']> } | undefined>;

/** BFT: the configuration itself holds the consenter's certificate. */
async function findConsenter({ consenter }: BlockSignature, epoch: Epoch, { builder }: Tools): Named {
  if (epoch.ordering.rule !== 'quorum') return undefined;
  const listed = epoch.ordering.consenters.find(({ id }) => id === consenter);
  if (listed === undefined) return undefined;
  return Promise.resolve({
    name: `${listed.mspId} ${listed.id}`,
    certificate: builder.read(readPem(listed.certificate)),
  });
}

async function findOrderer({ identity }: BlockSignature, epoch: Epoch, { membership }: Tools): Named {
  const { ordering } = epoch;
  if (ordering.rule !== 'any' || identity === undefined) return undefined;
  const allowed = epoch.ordererOrganisations.filter(({ mspId }) => ordering.mspIds.includes(mspId));
  const member = await membership.find(readIdentity(identity), allowed);
  if (typeof member === 'string') return undefined;
  if (ordering.role === 'orderer' && !isNode(member, ordererUnit(member.organisation))) return undefined;
  return isInWindow(member, Date.parse(epoch.from))
    ? { name: `${member.mspId} ${member.certificate.serial}`, certificate: member.certificate }
    : undefined;
}

function ordererUnit({ nodeUnits }: Organisation) {
  return nodeUnits?.orderer;
}
