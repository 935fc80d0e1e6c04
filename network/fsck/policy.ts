import { sha256 } from './block.js';
import { type Member } from './organisation.js';
import { type ByteString, byteString, display, Message } from './protobuf.js';
import { Unreadable } from './unreadable.js';

/** Whether these members, each given once, together satisfy a policy. */
export type Policy = (members: readonly Member[]) => boolean;

/** What holds where no policy stands. */
export const nobodySatisfies: Policy = () => false;

type Wanted = (member: Member) => boolean;
/** Members that are still free to count, afterwards; `undefined` where the rule is not met. */
type Rule = (free: readonly Member[]) => readonly Member[] | undefined;

const roles = ['member', 'admin', 'client', 'peer', 'orderer'].map(byteString);
const depthMax = 64;

/**
 * Reads `common.SignaturePolicyEnvelope`. A member counts for one principal only, in the order of the rules.
 * @throws Unreadable. Source: Fabric's common/policies.proto; common/cauthdsl for the order.
 */
export function readSignaturePolicy(bytes: Uint8Array): Policy {
  const envelope = new Message(bytes);
  const principals = envelope.all(3).map((principal) => readPrincipal(principal, 0));
  const rule = envelope.part(2);
  if (envelope.int(1) !== 0 || rule === undefined)
    throw new Unreadable('a policy without a rule, or of a later version');
  const satisfied = readRule(new Message(rule), principals, 0);
  return (members) => satisfied(members) !== undefined;
}

function readRule(rule: Message, principals: readonly Wanted[], depth: number): Rule {
  if (depth > depthMax) throw new Unreadable('a policy that nests too deep');
  const several = rule.part(2);
  if (several === undefined) {
    const wanted = principals[rule.int(1)];
    if (wanted === undefined) throw new Unreadable('a policy that names nobody');
    return (free) => {
      const index = free.findIndex(wanted);
      return index < 0 ? undefined : free.toSpliced(index, 1);
    };
  }
  const gate = new Message(several);
  const parts = gate.all(2).map((part) => readRule(new Message(part), principals, depth + 1));
  return (free) => {
    let left = free;
    let met = 0;
    for (const part of parts) {
      const after = part(left);
      if (after === undefined) continue;
      left = after;
      met += 1;
    }
    return met >= gate.int(1) ? left : undefined;
  };
}

/** A principal that cannot be read is nobody. Source: Fabric's msp/msp_principal.proto. */
function readPrincipal(bytes: Uint8Array, depth: number): Wanted {
  try {
    const principal = new Message(bytes);
    return readKnownPrincipal(principal.int(1), principal.bytes(2), depth);
  } catch {
    return () => false;
  }
}

function readKnownPrincipal(kind: number, bytes: Uint8Array, depth: number): Wanted {
  const fields = new Message(bytes);
  const mspId = fields.text(1);
  if (kind === 0) {
    const role = roles[fields.int(2)];
    return (member) => member.mspId === mspId && role !== undefined && hasRole(member, role);
  }
  if (kind === 1) {
    const [unit, certifiersId] = [fields.text(2), Buffer.from(fields.bytes(3)).toString('hex')];
    return (member) => member.mspId === mspId && member.units.includes(unit) && member.certifiersId === certifiersId;
  }
  if (kind === 2) {
    const pem = fields.bytes(2);
    const certificateId = certificateIdOf(pem);
    return (member) => member.mspId === mspId && member.certificateId === certificateId;
  }
  const parts = kind === 4 && depth < depthMax ? fields.all(1).map((part) => readPrincipal(part, depth + 1)) : [];
  return (member) => parts.length > 0 && parts.every((part) => part(member));
}

function hasRole(member: Member, role: ByteString): boolean {
  return role === 'member' || member.role === role || (role === 'admin' && member.isListedAdmin);
}

function certificateIdOf(pem: Uint8Array): string {
  const body = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(Buffer.from(pem).toString('latin1'))?.[1] ?? '';
  return sha256(Buffer.from(body, 'base64')).toString('hex');
}

/**
 * Every policy of a channel's configuration, by its path such as `/Channel/Application/Writers`.
 * @param group bytes of the root `common.ConfigGroup`. @throws Unreadable
 */
export function readPolicies(group: Uint8Array): Map<string, Policy> {
  const policies = new Map<string, Policy>();
  addGroup('/Channel', group, policies, 0);
  return policies;
}

function addGroup(path: string, bytes: Uint8Array, policies: Map<string, Policy>, depth: number): void {
  if (depth > depthMax) throw new Unreadable('groups that nest too deep');
  const group = new Message(bytes);
  const below: string[] = [];
  for (const [name, child] of group.map(2)) {
    below.push(`${path}/${display(name)}`);
    addGroup(`${path}/${display(name)}`, child, policies, depth + 1);
  }
  for (const [name, entry] of group.map(4)) {
    const policy = new Message(entry).message(2);
    policies.set(`${path}/${display(name)}`, readPolicy(policy, below, policies));
  }
}

function readPolicy(policy: Message, below: readonly string[], policies: ReadonlyMap<string, Policy>): Policy {
  const [type, value] = [policy.int(1), policy.bytes(2)];
  if (type === 1) return readSignaturePolicy(value);
  if (type !== 3) throw new Unreadable(`a policy of type ${type}`);
  const meta = new Message(value);
  const name = display(meta.text(1));
  const parts = below.map((path) => policies.get(`${path}/${name}`) ?? nobodySatisfies);
  // ANY, ALL, MAJORITY; of nothing, nothing is wanted.
  const most = Math.floor(parts.length / 2) + 1;
  const wanted = parts.length === 0 ? 0 : ([1, parts.length, most][meta.int(2)] ?? most);
  return (members) => parts.filter((part) => part(members)).length >= wanted;
}
