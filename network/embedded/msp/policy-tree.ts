import { common } from '@hyperledger/fabric-protos';
import { MspError } from './errors.js';
import { type PolicySubject } from './identity.js';
import { compilePolicy, type Policy, rejectAll } from './policy.js';

const { SIGNATURE, IMPLICIT_META } = common.Policy.PolicyType;
const { ANY, ALL } = common.ImplicitMetaPolicy.Rule;
const rootPath = '/Channel';
const nestingMax = 8;

/**
 * Every policy of a channel's configuration by its path, such as `/Channel/Application/Endorsement`.
 * Source: Fabric common/policies/policy.go, NewManagerImpl; implicitmeta.go, NewImplicitMetaPolicy.
 */
export class PolicyTree {
  readonly #policies: ReadonlyMap<string, Policy>;

  private constructor(policies: ReadonlyMap<string, Policy>) {
    this.#policies = policies;
  }

  /** @param root the configuration's channel group. @throws MspError POLICY_MALFORMED */
  static fromConfig(root: common.ConfigGroup): PolicyTree {
    const policies = new Map<string, Policy>();
    compileGroup(rootPath, root, policies);
    return new PolicyTree(policies);
  }

  /** @returns the policy at an absolute path; where there is none, one that nobody satisfies, as in Fabric. */
  get(path: string): Policy {
    return this.#policies.get(path) ?? rejectAll;
  }
}

function compileGroup(path: string, group: common.ConfigGroup, policies: Map<string, Policy>, depth = 0): void {
  if (depth > nestingMax) throw new MspError('POLICY_MALFORMED', `groups nested over ${nestingMax} deep`);
  const childPaths: string[] = [];
  group.getGroupsMap().forEach((child, name) => {
    childPaths.push(`${path}/${name}`);
    compileGroup(`${path}/${name}`, child, policies, depth + 1);
  });
  group.getPoliciesMap().forEach((config, name) => {
    const policy = config.getPolicy();
    if (policy === undefined) throw new MspError('POLICY_MALFORMED', `${path}/${name} is empty`);
    const below = (subPolicy: string) => childPaths.map((child) => policies.get(`${child}/${subPolicy}`) ?? rejectAll);
    policies.set(`${path}/${name}`, compileOne(`${path}/${name}`, policy, below));
  });
}

function compileOne(path: string, policy: common.Policy, below: (subPolicy: string) => readonly Policy[]): Policy {
  switch (policy.getType()) {
    case SIGNATURE:
      return compilePolicy(policy.getValue_asU8());
    case IMPLICIT_META: {
      const meta = readImplicitMeta(path, policy.getValue_asU8());
      return implicitMeta(meta.getRule(), meta.getSubPolicy(), below(meta.getSubPolicy()));
    }
    default:
      throw new MspError('POLICY_MALFORMED', `${path} has type ${policy.getType()}`);
  }
}

function readImplicitMeta(path: string, bytes: Uint8Array): common.ImplicitMetaPolicy {
  try {
    return common.ImplicitMetaPolicy.deserializeBinary(bytes);
  } catch (cause) {
    throw new MspError('POLICY_MALFORMED', `${path} is no implicit policy`, { cause });
  }
}

/** A group with no groups below it satisfies its implicit policies with nobody: 0 of 0 is any, all and most. */
function implicitMeta(rule: number, subPolicy: string, parts: readonly Policy[]): Policy {
  const majority = Math.floor(parts.length / 2) + 1;
  const threshold = rule === ANY ? 1 : rule === ALL ? parts.length : majority;
  const wanted = parts.length === 0 ? 0 : threshold;
  const satisfied = (subjects: readonly PolicySubject[]) => parts.filter((part) => part.isSatisfiedBy(subjects)).length;
  return {
    principals: parts.flatMap(({ principals }) => principals),
    isSatisfiedBy: (subjects) => satisfied(subjects) >= wanted,
    refusal: (subjects) =>
      `implicit policy evaluation failed - ${satisfied(subjects)} sub-policies were satisfied, but this policy ` +
      `requires ${wanted} of the '${subPolicy}' sub-policies to be satisfied`,
  };
}
