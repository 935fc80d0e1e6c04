import { common } from '@hyperledger/fabric-protos';
import { BoundedMap } from './bounded-map.js';
import { MspError } from './errors.js';
import { type NodeRole, type PolicySubject } from './identity.js';
import { type Principal, readPrincipal, satisfies } from './principal.js';

/** A rule about who must have agreed. Signatures are checked before: only admitted, verified identities are asked about. */
export interface Policy {
  /**
   * Whether these identities together satisfy the rule. Each satisfies one principal at most, so each must be passed
   * once: `MspRegistry.validSigners` sees to that.
   */
  readonly isSatisfiedBy: (subjects: readonly PolicySubject[]) => boolean;
  /** Why these identities do not satisfy the rule, in Fabric's words; only asked where they do not. */
  readonly refusal: (subjects: readonly PolicySubject[]) => string;
  /** Everyone the rule mentions, in order, repetitions included: where a planner looks for endorsers. */
  readonly principals: readonly Principal[];
}

/** The policy that stands where none is defined: nobody satisfies it. */
export const rejectAll: Policy = { isSatisfiedBy: () => false, refusal: () => 'no such policy', principals: [] };

/** Evaluates one gate; `used` marks the subjects already spent and is updated only by success of the parts. */
type Gate = (subjects: readonly PolicySubject[], used: boolean[]) => boolean;

const nestingMax = 64;
const compiledMax = 1_024;
/** Compiled policies by their bytes, which say everything about them. */
const compiled = new BoundedMap<string, Policy>(compiledMax);
const { N_OUT_OF, SIGNED_BY } = common.SignaturePolicy.TypeCase;

/**
 * Whether organisations could satisfy a policy if their nodes in these roles signed: what endorsement planning asks
 * of each set of organisations. Principals that want one certificate or unit are not satisfied by a role.
 */
export function isSatisfiedByRoles(
  policy: Policy,
  roles: readonly { readonly mspId: string; readonly role: NodeRole }[],
): boolean {
  return policy.isSatisfiedBy(roles);
}

/**
 * Compiles the bytes of a `common.SignaturePolicyEnvelope`.
 * @throws MspError POLICY_MALFORMED. Source: Fabric common/cauthdsl/policy.go, NewPolicy; cauthdsl.go, compile.
 */
export function compilePolicy(envelopeBytes: Uint8Array): Policy {
  const id = Buffer.from(envelopeBytes).toString('latin1');
  const known = compiled.get(id);
  if (known !== undefined) return known;
  const policy = compile(envelopeBytes);
  compiled.set(id, policy);
  return policy;
}

function compile(envelopeBytes: Uint8Array): Policy {
  const envelope = readEnvelope(envelopeBytes);
  const rule = envelope.getRule();
  if (envelope.getVersion() !== 0 || rule === undefined) {
    throw new MspError('POLICY_MALFORMED', 'policy of a version other than 0, or without a rule');
  }
  const principals = envelope.getIdentitiesList().map((principal) => readPrincipal(principal));
  const gate = compileRule(rule, principals, 0);
  return {
    principals,
    refusal: () => 'signature set did not satisfy policy',
    isSatisfiedBy: (subjects) =>
      gate(
        subjects,
        subjects.map(() => false),
      ),
  };
}

function readEnvelope(bytes: Uint8Array): common.SignaturePolicyEnvelope {
  try {
    return common.SignaturePolicyEnvelope.deserializeBinary(bytes);
  } catch (cause) {
    throw new MspError('POLICY_MALFORMED', 'not a serialized signature policy', { cause });
  }
}

function compileRule(rule: common.SignaturePolicy, principals: readonly Principal[], depth: number): Gate {
  if (depth > nestingMax) throw new MspError('POLICY_MALFORMED', `gates nested over ${nestingMax} deep`);
  const nOutOf = rule.getNOutOf();
  if (rule.getTypeCase() === N_OUT_OF && nOutOf !== undefined) {
    const parts = nOutOf.getRulesList().map((part) => compileRule(part, principals, depth + 1));
    return nOutOfGate(nOutOf.getN(), parts);
  }
  const principal = principals[rule.getSignedBy()];
  if (rule.getTypeCase() !== SIGNED_BY || principal === undefined) {
    throw new MspError('POLICY_MALFORMED', 'a rule is empty or names a principal that is not listed');
  }
  return signedByGate(principal);
}

/** Every part is tried, even when enough have succeeded: Fabric does so too, and it decides who is spent. */
function nOutOfGate(wanted: number, parts: readonly Gate[]): Gate {
  return (subjects, used) => {
    let satisfied = 0;
    for (const part of parts) {
      const attempt = [...used]; // A part that fails half-way must not spend anyone.
      if (!part(subjects, attempt)) continue;
      satisfied += 1;
      used.splice(0, used.length, ...attempt);
    }
    return satisfied >= wanted;
  };
}

function signedByGate(principal: Principal): Gate {
  return (subjects, used) => {
    const index = subjects.findIndex((subject, at) => used[at] !== true && satisfies(subject, principal));
    if (index < 0) return false;
    used[index] = true;
    return true;
  };
}
