import { readLoosely } from '../fabric/protobuf.js';

/** `common.ConfigGroup`: the tree in which a channel's configuration stands. Values and policies are bytes. */
export interface ConfigGroup {
  readonly groups: ReadonlyMap<string, ConfigGroup>;
  readonly values: ReadonlyMap<string, Uint8Array>;
  /** `common.Policy` by name. */
  readonly policies: ReadonlyMap<string, Uint8Array>;
}

const DEPTH_MAX = 8;

/** @throws {ProofError} PROTOBUF_MALFORMED. Source: fabric-protos, common/configtx.proto. */
export function readConfigGroup(bytes: Uint8Array, depth = 0): ConfigGroup {
  const group = readLoosely(bytes, { 2: 'list', 3: 'list', 4: 'list' }, 'configuration group');
  const below = depth < DEPTH_MAX ? group[2] : [];
  return {
    groups: new Map([...entries(below)].map(([name, value]) => [name, readConfigGroup(value, depth + 1)])),
    values: new Map([...entries(group[3])].map(([name, value]) => [name, contentOf(value, 2)])),
    policies: new Map([...entries(group[4])].map(([name, value]) => [name, contentOf(value, 2)])),
  };
}

/** Entries of a protobuf map. */
function entries(list: readonly Uint8Array[]): [string, Uint8Array][] {
  return list.map((entry) => {
    const pair = readLoosely(entry, { 1: 'text', 2: 'bytes' }, 'map entry');
    return [pair[1], pair[2]];
  });
}

/** The content of `common.ConfigValue` and `common.ConfigPolicy`, both in field 2. */
function contentOf(bytes: Uint8Array, number: 2): Uint8Array {
  return readLoosely(bytes, { 2: 'bytes' }, 'configuration entry')[number];
}
