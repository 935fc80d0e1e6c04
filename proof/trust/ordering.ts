import { fromUtf8 } from '../bytes.js';
import { readLoosely } from '../fabric/protobuf.js';
import { readPem, writePem } from '../fabric/identity.js';
import { ProofError } from '../proof-error.js';
import { type ConfigGroup } from './config-group.js';
import { type Consenter, type Ordering } from './trust-root.js';

/** common.Policy.PolicyType and common.ImplicitMetaPolicy.Rule. */
const SIGNATURE_POLICY = 1n;
const IMPLICIT_META = 3n;
const ANY = 0n;
/** msp.MSPRole.MSPRoleType. */
const ROLES = new Map([
  [0n, 'member'],
  [4n, 'orderer'],
] as const);

/**
 * Reads whose signatures make a block: for BFT a quorum of the listed consenters, else what the policy
 * `BlockValidation` says, in the two forms that occur: any one of some MSPs' members or orderers.
 * @param orderer the group `Orderer`. @param mspIds of the orderer organisations.
 * @throws {ProofError} CONFIG_UNSUPPORTED for another policy, CONFIG_MALFORMED
 */
export function readOrdering(orderer: ConfigGroup, mspIds: readonly string[]): { consensus: string; rule: Ordering } {
  const type = readLoosely(orderer.values.get('ConsensusType') ?? new Uint8Array(0), { 1: 'text' }, 'consensus type');
  const consensus = type[1];
  const rule = consensus === 'BFT' ? readConsenters(orderer) : readBlockPolicy(orderer, mspIds);
  return { consensus, rule };
}

/** Signatures that make a block of n consenters: ⌈(n+f+1)/2⌉ with f = ⌊(n−1)/3⌋ (SmartBFT, ComputeQuorum). */
export function quorumOf(consenters: number): number {
  const faulty = Math.floor((consenters - 1) / 3);
  return Math.ceil((consenters + faulty + 1) / 2);
}

function readConsenters(orderer: ConfigGroup): Ordering {
  const value = orderer.values.get('Orderers') ?? new Uint8Array(0);
  const consenters = readLoosely(value, { 1: 'list' }, 'orderers')[1].map((bytes): Consenter => {
    const entry = readLoosely(bytes, { 1: 'uint', 4: 'text', 5: 'bytes' }, 'consenter');
    const certificate = writePem(readPem((fromUtf8(entry[5]) ?? '').trim()));
    return { id: Number(entry[1]), mspId: entry[4], certificate };
  });
  if (new Set(consenters.map(({ id }) => id)).size !== consenters.length || consenters.length === 0) {
    throw new ProofError('CONFIG_MALFORMED', 'consenters with distinct numbers are wanted');
  }
  return { rule: 'quorum', quorum: quorumOf(consenters.length), consenters };
}

function readBlockPolicy(orderer: ConfigGroup, mspIds: readonly string[]): Ordering {
  const bytes = orderer.policies.get('BlockValidation') ?? new Uint8Array(0);
  const policy = readLoosely(bytes, { 1: 'uint', 2: 'bytes' }, 'policy');
  if (policy[1] === SIGNATURE_POLICY) return readAnyOf(policy[2]);
  const meta = readLoosely(policy[2], { 1: 'text', 2: 'uint' }, 'implicit policy');
  if (policy[1] === IMPLICIT_META && meta[1] === 'Writers' && meta[2] === ANY) {
    return { rule: 'any', role: 'member', mspIds };
  }
  throw unsupported();
}

/** `OR(principal, …)`, or one principal: any one signature, each principal a role of an MSP. */
function readAnyOf(bytes: Uint8Array): Ordering {
  const envelope = readLoosely(bytes, { 2: 'bytes', 3: 'list' }, 'signature policy');
  const gate = readLoosely(readLoosely(envelope[2], { 2: 'bytes' }, 'rule')[2], { 1: 'uint', 2: 'list' }, 'n out of');
  const leaves = gate[2].map((rule) => readLoosely(rule, { 1: 'uint', 2: 'list' }, 'rule'));
  if (gate[1] !== 1n || leaves.length === 0 || leaves.some((leaf) => leaf[2].length > 0)) throw unsupported();
  const principals = leaves.map((leaf) => readRole(envelope[3][Number(leaf[1])]));
  const [first] = principals;
  if (first === undefined || principals.some(({ role }) => role !== first.role)) throw unsupported();
  return { rule: 'any', role: first.role, mspIds: principals.map(({ mspId }) => mspId) };
}

function readRole(bytes: Uint8Array | undefined): { mspId: string; role: 'orderer' | 'member' } {
  const principal = readLoosely(bytes ?? new Uint8Array(0), { 1: 'uint', 2: 'bytes' }, 'principal');
  const role = readLoosely(principal[2], { 1: 'text', 2: 'uint' }, 'role');
  const name = ROLES.get(role[2] as 0n | 4n);
  if (principal[1] !== 0n || name === undefined || role[1] === '') throw unsupported();
  return { mspId: role[1], role: name };
}

function unsupported(): ProofError {
  return new ProofError('CONFIG_UNSUPPORTED', 'BlockValidation is neither any Writers nor any one of some roles');
}
