import { common } from '@hyperledger/fabric-protos';
import { z } from 'zod';
import { compilePolicy } from '../embedded/msp/policy.js';
import { parsePolicyText } from '../embedded/msp/policy-text.js';

const policyCharactersMax = 4_096;
const peerCountMax = 1_000;

/** A policy in text, such as `OR('AMSP.peer','BMSP.peer')`. */
const policyText = z.string().min(1).max(policyCharactersMax);

/**
 * One private data collection of a chaincode, with the names and defaults of the file that Fabric's `peer` command
 * takes as `--collections-config`. Source: Fabric internal/peer/chaincode/common.go, collectionConfigJson.
 */
export const collection = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z0-9-][A-Za-z0-9_-]{0,63}$/,
        'wanted a collection name: letters, digits, "_" and "-", no "_" first',
      ),
    /** Whose peers hold the plain text: an OR of members, such as `OR('AMSP.member','BMSP.member')`. */
    policy: policyText,
    /** How many other peers must have the plain text before a peer endorses. */
    requiredPeerCount: z.int().min(0).max(peerCountMax).default(0),
    /** How many peers an endorser hands the plain text to; here all entitled ones get it, whatever the number. */
    maxPeerCount: z.int().min(0).max(peerCountMax).default(1),
    /** Number of blocks after which plain text and hash are dropped; 0 keeps them. */
    blockToLive: z.int().min(0).default(0),
    /** Whether clients of other organisations are refused when they read. */
    memberOnlyRead: z.boolean().default(false),
    /** Whether clients of other organisations are refused when they write. */
    memberOnlyWrite: z.boolean().default(false),
    /** Who must endorse a write, where that is not the chaincode's own policy. */
    endorsementPolicy: z
      .union([
        z.strictObject({ signaturePolicy: policyText }),
        z.strictObject({ channelConfigPolicy: z.string().min(1).max(policyCharactersMax) }),
      ])
      .optional(),
  })
  .refine(({ requiredPeerCount, maxPeerCount }) => requiredPeerCount <= maxPeerCount, {
    path: ['maxPeerCount'],
    error: 'wanted at least requiredPeerCount',
  });

/** A collection as its chaincode's owner describes it. */
export type CollectionTerms = z.output<typeof collection>;

/**
 * What is wrong with a collection's membership; `undefined` where nothing is. @param mspIds the channel's organisations
 * @throws MspError POLICY_MALFORMED. Source: Fabric core/chaincode/lifecycle/scc.go, validateCollectionConfigMemberOrgsPolicy.
 */
export function judgeMembership(policy: string, mspIds: readonly string[]): string | undefined {
  const bytes = parsePolicyText(policy);
  const rule = common.SignaturePolicyEnvelope.deserializeBinary(bytes).getRule();
  if (rule !== undefined && !isAlternatives(rule)) return 'wanted an OR of members';
  const stranger = compilePolicy(bytes).principals.find(
    (principal) => !('mspId' in principal && mspIds.includes(principal.mspId)),
  );
  if (stranger === undefined) return undefined;
  return `wanted organisations of this topology, not ${'mspId' in stranger ? stranger.mspId : stranger.kind}`;
}

/** Nested as it may be, one member is enough. */
function isAlternatives(rule: common.SignaturePolicy): boolean {
  const nOutOf = rule.getNOutOf();
  return nOutOf === undefined || (nOutOf.getN() === 1 && nOutOf.getRulesList().every(isAlternatives));
}
