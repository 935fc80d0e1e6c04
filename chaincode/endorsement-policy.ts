import { common, msp } from '@hyperledger/fabric-protos';

/**
 * Key-level policies: serialized `common.SignaturePolicyEnvelope`, what Fabric keeps under a key's
 * `VALIDATION_PARAMETER` (core/chaincode/shim SetStateValidationParameter). Every principal is an organisation's peer.
 */
export type KeyPolicy = Uint8Array;

/** The owner's peer and the peer of at least one other member. @param members MSP ids; the owner may be among them. */
export function ownerAndOneMore(owner: string, members: readonly string[]): KeyPolicy {
  const others = members.filter((member) => member !== owner);
  const otherPeers = others.map((_, index) => signedBy(index + 1));
  return envelope([owner, ...others], outOf(2, [signedBy(0), outOf(1, otherPeers)]));
}

/** Peers of any two of the organisations. */
export function anyTwoOf(members: readonly string[]): KeyPolicy {
  return atLeast(2, members);
}

/** A peer of each of the organisations. */
export function eachOf(members: readonly string[]): KeyPolicy {
  return atLeast(members.length, members);
}

/** Peers of more than half of the organisations. */
export function majorityOf(members: readonly string[]): KeyPolicy {
  return atLeast(Math.floor(members.length / 2) + 1, members);
}

function atLeast(count: number, members: readonly string[]): KeyPolicy {
  const peers = members.map((_, index) => signedBy(index));
  return envelope(members, outOf(count, peers));
}

function envelope(mspIds: readonly string[], rule: common.SignaturePolicy): KeyPolicy {
  const policy = new common.SignaturePolicyEnvelope();
  policy.setVersion(0);
  policy.setRule(rule);
  policy.setIdentitiesList(mspIds.map(peerOf));
  return policy.serializeBinary();
}

function peerOf(mspId: string): msp.MSPPrincipal {
  const role = new msp.MSPRole();
  role.setMspIdentifier(mspId);
  role.setRole(msp.MSPRole.MSPRoleType.PEER);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(role.serializeBinary());
  return principal;
}

function signedBy(index: number): common.SignaturePolicy {
  const rule = new common.SignaturePolicy();
  rule.setSignedBy(index);
  return rule;
}

function outOf(count: number, rules: common.SignaturePolicy[]): common.SignaturePolicy {
  const nOutOf = new common.SignaturePolicy.NOutOf();
  nOutOf.setN(count);
  nOutOf.setRulesList(rules);
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(nOutOf);
  return rule;
}
