import { common } from '@hyperledger/fabric-protos';
import { UpdateRefusal } from './update-refusal.js';

/** The root group's name, and its only place in a path. */
const root = 'Channel';
const prefixes = { group: '[Group]  ', value: '[Value]  ', policy: '[Policy] ' } as const;
const idLengthMax = 249;
const nestingMax = 8;
/** Who may change what states no policy, once the orderers' capabilities are stated. */
const modPolicyOfOld = 'Admins';

/** One part of a configuration. `parent` is the path of the group that holds it, such as `/Channel/Orderer`. */
export type ConfigElement = { readonly name: string; readonly parent: string } & (
  | { readonly kind: 'group'; readonly message: common.ConfigGroup }
  | { readonly kind: 'value'; readonly message: common.ConfigValue }
  | { readonly kind: 'policy'; readonly message: common.ConfigPolicy }
);

/** Every part of a configuration by kind and path, such as `[Value]  /Channel/Orderer/BatchSize`. */
export type ConfigElements = ReadonlyMap<string, ConfigElement>;

/**
 * Lays a configuration group out flat. @param group `undefined` for no group at all.
 * @throws UpdateRefusal for names that Fabric does not allow. Source: Fabric common/configtx/configmap.go, mapConfig.
 */
export function mapElements(group: common.ConfigGroup | undefined): ConfigElements {
  const elements = new Map<string, ConfigElement>();
  if (group !== undefined) addGroup(elements, '', root, group, 0);
  return elements;
}

/**
 * Puts a configuration together again: each group with the members that its own element names.
 * @throws UpdateRefusal where one of them is missing. Source: configmap.go, configMapToConfig.
 */
export function groupOf(elements: ConfigElements): common.ConfigGroup {
  const fillsIn = elements.has(keyOf('value', `/${root}/Orderer/Capabilities`));
  return rebuild(elements, `/${root}`, fillsIn ? modPolicyOfOld : '');
}

/** A path as the policies of the configuration know it: of the element itself for a group, else of its parent. */
export function policyScopeOf({ kind, parent, name }: ConfigElement): string {
  return kind === 'group' ? `${parent}/${name}` : parent;
}

/** @throws UpdateRefusal. Source: Fabric common/configtx/validator.go, validateConfigID. */
export function checkConfigId(id: string): void {
  if (id === '') throw new UpdateRefusal('config ID illegal, cannot be empty');
  if (id.length > idLengthMax) throw new UpdateRefusal(`config ID illegal, cannot be longer than ${idLengthMax}`);
  if (id === '.' || id === '..') throw new UpdateRefusal(`name '${id}' for config ID is not allowed`);
  if (!/^[a-zA-Z0-9.-]+$/.test(id)) throw new UpdateRefusal(`config ID '${id}' contains illegal characters`);
}

type Elements = Map<string, ConfigElement>;

function addGroup(elements: Elements, parent: string, name: string, group: common.ConfigGroup, depth: number): void {
  if (depth > nestingMax) throw new UpdateRefusal(`groups nested over ${nestingMax} deep`);
  add(elements, { kind: 'group', parent, name, message: group });
  const path = `${parent}/${name}`;
  group.getGroupsMap().forEach((child, key) => {
    addGroup(elements, path, key, child, depth + 1);
  });
  group.getValuesMap().forEach((message, key) => {
    add(elements, { kind: 'value', parent: path, name: key, message });
  });
  group.getPoliciesMap().forEach((message, key) => {
    add(elements, { kind: 'policy', parent: path, name: key, message });
  });
}

function add(elements: Elements, element: ConfigElement): void {
  const { kind, parent, name } = element;
  try {
    checkConfigId(name);
  } catch (cause) {
    if (!(cause instanceof UpdateRefusal)) throw cause;
    throw new UpdateRefusal(`illegal characters in key: ${prefixes[kind]}: ${cause.message}`, { cause });
  }
  elements.set(keyOf(kind, `${parent}/${name}`), element);
}

function keyOf(kind: ConfigElement['kind'], path: string): string {
  return `${prefixes[kind]}${path}`;
}

function rebuild(elements: ConfigElements, path: string, modPolicyDefault: string): common.ConfigGroup {
  const found = elements.get(keyOf('group', path));
  if (found?.kind !== 'group') throw new UpdateRefusal(`missing group at path: ${keyOf('group', path)}`);
  const source = found.message;
  const group = new common.ConfigGroup();
  group.setVersion(source.getVersion());
  group.setModPolicy(source.getModPolicy() || modPolicyDefault);
  source.getGroupsMap().forEach((_child, name) => {
    group.getGroupsMap().set(name, rebuild(elements, `${path}/${name}`, modPolicyDefault));
  });
  source.getValuesMap().forEach((_value, name) => {
    const element = elements.get(keyOf('value', `${path}/${name}`));
    if (element?.kind !== 'value') {
      throw new UpdateRefusal(`missing value at path: ${keyOf('value', `${path}/${name}`)}`);
    }
    const value = common.ConfigValue.deserializeBinary(element.message.serializeBinary());
    value.setModPolicy(value.getModPolicy() || modPolicyDefault);
    group.getValuesMap().set(name, value);
  });
  source.getPoliciesMap().forEach((_policy, name) => {
    const element = elements.get(keyOf('policy', `${path}/${name}`));
    if (element?.kind !== 'policy') {
      throw new UpdateRefusal(`missing policy at path: ${keyOf('policy', `${path}/${name}`)}`);
    }
    const policy = common.ConfigPolicy.deserializeBinary(element.message.serializeBinary());
    policy.setModPolicy(policy.getModPolicy() || modPolicyDefault);
    group.getPoliciesMap().set(name, policy);
  });
  return group;
}
