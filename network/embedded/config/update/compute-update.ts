import { common } from '@hyperledger/fabric-protos';
import { sameBytes } from '../../wire/utf8-order.js';
import { UpdateRefusal } from './update-refusal.js';

/** What a group's parts become: those that were read, those that are written, and the ones that stay the same. */
interface PartSets<Part> {
  readonly reads: Map<string, Part>;
  readonly writes: Map<string, Part>;
  readonly same: Map<string, Part>;
  /** Whether a part came or went, which makes the group itself change. */
  readonly membersChanged: boolean;
}

interface GroupSets {
  readonly read: common.ConfigGroup;
  readonly write: common.ConfigGroup;
  readonly changed: boolean;
}

/**
 * The smallest update that turns one configuration into another; only the parts that differ need anybody's signature.
 * @param original as the channel has it. @param updated a changed copy; its versions are not looked at.
 * @returns `common.ConfigUpdate`, unsigned. @throws UpdateRefusal where nothing differs
 * Source: Fabric internal/configtxlator/update/update.go, Compute.
 */
export function computeUpdate(
  channelId: string,
  original: common.ConfigGroup,
  updated: common.ConfigGroup,
): common.ConfigUpdate {
  const { read, write, changed } = compareGroups(original, updated);
  if (!changed) throw new UpdateRefusal('no differences detected between original and updated config');
  const update = new common.ConfigUpdate();
  update.setChannelId(channelId);
  update.setReadSet(read);
  update.setWriteSet(write);
  return update;
}

function compareGroups(original: common.ConfigGroup, updated: common.ConfigGroup): GroupSets {
  const policies = compareParts(policyKind, original.getPoliciesMap(), updated.getPoliciesMap());
  const values = compareParts(valueKind, original.getValuesMap(), updated.getValuesMap());
  const groups = compareChildren(original, updated);
  const all = [policies, values, groups];
  const itself = original.getModPolicy() !== updated.getModPolicy() || all.some(({ membersChanged }) => membersChanged);
  const changed = itself || all.some(({ writes }) => writes.size > 0);
  const version = original.getVersion();
  const same: Members = itself ? [policies.same, values.same, groups.same] : [];
  const read = groupWith([policies.reads, values.reads, groups.reads], same);
  read.setVersion(version);
  const write = groupWith([policies.writes, values.writes, groups.writes], same);
  write.setVersion(itself ? version + 1 : version);
  if (itself) write.setModPolicy(updated.getModPolicy());
  return { read, write, changed };
}

/** Parts of a group by name: its policies, values and groups. */
type Members = readonly [
  policies?: ReadonlyMap<string, common.ConfigPolicy>,
  values?: ReadonlyMap<string, common.ConfigValue>,
  groups?: ReadonlyMap<string, common.ConfigGroup>,
];

function groupWith(...members: readonly Members[]): common.ConfigGroup {
  const group = new common.ConfigGroup();
  for (const [policies, values, groups] of members) {
    for (const [name, policy] of policies ?? []) group.getPoliciesMap().set(name, policy);
    for (const [name, value] of values ?? []) group.getValuesMap().set(name, value);
    for (const [name, child] of groups ?? []) group.getGroupsMap().set(name, child);
  }
  return group;
}

/** A map of generated code, as far as it is used here. */
interface PartMap<Part> {
  get(name: string): Part | undefined;
  set(name: string, part: Part): unknown;
  forEach(visit: (part: Part, name: string) => void): void;
}

/** How values and policies are alike. */
interface PartKind<Part> {
  /** The part without its content: enough to say at which version it is. */
  readonly at: (version: number) => Part;
  readonly withContent: (part: Part, version: number) => Part;
  readonly contentOf: (part: Part) => Uint8Array;
}

interface Versioned {
  getVersion(): number;
  getModPolicy(): string;
}

function compareParts<Part extends Versioned>(
  kind: PartKind<Part>,
  original: PartMap<Part>,
  updated: PartMap<Part>,
): PartSets<Part> {
  const sets: PartSets<Part> = { reads: new Map(), writes: new Map(), same: new Map(), membersChanged: false };
  let membersChanged = false;
  original.forEach((before, name) => {
    const after = updated.get(name);
    if (after === undefined) membersChanged = true;
    else if (sameContent(kind, before, after)) sets.same.set(name, kind.at(before.getVersion()));
    else sets.writes.set(name, kind.withContent(after, before.getVersion() + 1));
  });
  updated.forEach((after, name) => {
    if (original.get(name) !== undefined) return;
    membersChanged = true;
    sets.writes.set(name, kind.withContent(after, 0));
  });
  return { ...sets, membersChanged };
}

function sameContent<Part extends Versioned>(kind: PartKind<Part>, before: Part, after: Part): boolean {
  return before.getModPolicy() === after.getModPolicy() && sameBytes(kind.contentOf(before), kind.contentOf(after));
}

const valueKind: PartKind<common.ConfigValue> = {
  at: (version) => {
    const value = new common.ConfigValue();
    value.setVersion(version);
    return value;
  },
  withContent: (part, version) => {
    const value = new common.ConfigValue();
    value.setVersion(version);
    value.setModPolicy(part.getModPolicy());
    value.setValue(part.getValue_asU8());
    return value;
  },
  contentOf: (part) => part.getValue_asU8(),
};

const policyKind: PartKind<common.ConfigPolicy> = {
  at: (version) => {
    const policy = new common.ConfigPolicy();
    policy.setVersion(version);
    return policy;
  },
  withContent: (part, version) => {
    const policy = new common.ConfigPolicy();
    policy.setVersion(version);
    policy.setModPolicy(part.getModPolicy());
    policy.setPolicy(part.getPolicy());
    return policy;
  },
  contentOf: (part) => part.getPolicy()?.serializeBinary() ?? new Uint8Array(0),
};

function compareChildren(original: common.ConfigGroup, updated: common.ConfigGroup): PartSets<common.ConfigGroup> {
  const sets: PartSets<common.ConfigGroup> = {
    reads: new Map(),
    writes: new Map(),
    same: new Map(),
    membersChanged: false,
  };
  let membersChanged = false;
  original.getGroupsMap().forEach((before, name) => {
    const after = updated.getGroupsMap().get(name);
    if (after === undefined) {
      membersChanged = true;
      return;
    }
    const { read, write, changed } = compareGroups(before, after);
    if (!changed) sets.same.set(name, read);
    else {
      sets.reads.set(name, read);
      sets.writes.set(name, write);
    }
  });
  updated.getGroupsMap().forEach((after, name) => {
    if (original.getGroupsMap().get(name) !== undefined) return;
    membersChanged = true;
    const { write } = compareGroups(new common.ConfigGroup(), after);
    write.setVersion(0);
    write.setModPolicy(after.getModPolicy());
    sets.writes.set(name, write);
  });
  return { ...sets, membersChanged };
}
