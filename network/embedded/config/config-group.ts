import { common } from '@hyperledger/fabric-protos';
import { parsePolicyText } from '../msp/policy-text.js';

/** Who may change a part of the configuration: the `Admins` of its own group, as in every channel that Fabric makes. */
const modPolicy = 'Admins';

type Rule = keyof common.ImplicitMetaPolicy.RuleMap;

/** Parts of one configuration group by name: groups below it, values as messages or their bytes, policies. */
interface GroupParts {
  readonly groups?: Readonly<Record<string, common.ConfigGroup>>;
  readonly values: Readonly<Record<string, Uint8Array | { serializeBinary: () => Uint8Array }>>;
  readonly policies: Readonly<Record<string, common.Policy>>;
}

/** @returns a configuration group whose every part only its own `Admins` may change. */
export function configGroup({ groups = {}, values, policies }: GroupParts): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setModPolicy(modPolicy);
  for (const [name, child] of Object.entries(groups)) group.getGroupsMap().set(name, child);
  for (const [name, content] of Object.entries(values)) {
    const value = new common.ConfigValue();
    value.setModPolicy(modPolicy);
    value.setValue(content instanceof Uint8Array ? content : content.serializeBinary());
    group.getValuesMap().set(name, value);
  }
  for (const [name, content] of Object.entries(policies)) {
    const policy = new common.ConfigPolicy();
    policy.setModPolicy(modPolicy);
    policy.setPolicy(content);
    group.getPoliciesMap().set(name, policy);
  }
  return group;
}

/** @returns a policy over signatures, from its text. @throws MspError POLICY_MALFORMED */
export function signaturePolicy(text: string): common.Policy {
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.SIGNATURE);
  policy.setValue(parsePolicyText(text));
  return policy;
}

/** @returns a policy that counts in how many of the groups below `subPolicy` is satisfied. */
export function implicitPolicy(rule: Rule, subPolicy: string): common.Policy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(common.ImplicitMetaPolicy.Rule[rule]);
  meta.setSubPolicy(subPolicy);
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.IMPLICIT_META);
  policy.setValue(meta.serializeBinary());
  return policy;
}

/** @returns the three policies that Fabric demands of the channel and of its two parts. */
export function implicitPolicies(): Readonly<Record<'Readers' | 'Writers' | 'Admins', common.Policy>> {
  return {
    Readers: implicitPolicy('ANY', 'Readers'),
    Writers: implicitPolicy('ANY', 'Writers'),
    Admins: implicitPolicy('MAJORITY', 'Admins'),
  };
}

/** @returns the demand that every node of the channel keeps the rules of a Fabric version, such as `V2_0`. */
export function capabilities(name: string): common.Capabilities {
  const message = new common.Capabilities();
  message.getCapabilitiesMap().set(name, new common.Capability());
  return message;
}
