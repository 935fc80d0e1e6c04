import { type CollectionTerms } from '../../plan/collections.js';
import { parsePolicyText } from '../msp/policy-text.js';
import { Writer } from '../wire/protobuf-writer.js';

/**
 * Bytes of peer.CollectionConfigPackage, equal to those that Fabric's `peer` command makes of the same collections;
 * empty without any. @throws MspError POLICY_MALFORMED
 */
export function encodeCollections(collections: readonly CollectionTerms[]): Uint8Array {
  const configs = collections.map((each) => new Writer().message(1, encodeCollection(each)).bytes());
  return new Writer().messages(1, configs).bytes();
}

/** Bytes of peer.StaticCollectionConfig. */
function encodeCollection(terms: CollectionTerms): Uint8Array {
  return new Writer()
    .field(1, terms.name)
    .message(2, new Writer().message(1, parsePolicyText(terms.policy)).bytes())
    .field(3, terms.requiredPeerCount)
    .field(4, terms.maxPeerCount)
    .field(5, BigInt(terms.blockToLive))
    .field(6, terms.memberOnlyRead)
    .field(7, terms.memberOnlyWrite)
    .message(8, encodeEndorsementPolicy(terms.endorsementPolicy))
    .bytes();
}

/** Bytes of peer.ApplicationPolicy: a signature policy, or a reference to a policy of the channel. */
function encodeEndorsementPolicy(policy: CollectionTerms['endorsementPolicy']): Uint8Array | undefined {
  if (policy === undefined) return undefined;
  return 'signaturePolicy' in policy
    ? new Writer().message(1, parsePolicyText(policy.signaturePolicy)).bytes()
    : new Writer().field(2, policy.channelConfigPolicy).bytes();
}
