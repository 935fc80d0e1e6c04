import { createHash } from 'node:crypto';
import { Fields } from '../../wire/protobuf-reader.js';
import { Writer } from '../../wire/protobuf-writer.js';
import { sameBytes } from '../../wire/utf8-order.js';

/** Where records are kept: the public state, or an organisation's own collection. */
export interface RecordState {
  /** @returns `undefined` for an absent key. */
  get(key: string): Uint8Array | undefined;
  put(key: string, value: Uint8Array): void;
}

/** What is known of another organisation's collection: SHA-256 of a key's value. */
export type HashState = (key: string) => Uint8Array | undefined;

/** A record as its fields are stored: bytes of `lifecycle.StateData` by field name, in the order of Fabric's struct. */
export interface LifecycleRecord {
  /** Such as `ChaincodeDefinition`. */
  readonly datatype: string;
  readonly fields: ReadonlyMap<string, Uint8Array>;
}

/** Where definitions and approvals lie, and which package an organisation runs for them. */
export const NAMESPACES = 'namespaces';
export const SOURCES = 'chaincode-sources';

/** `lifecycle.StateData`: a oneof, which is written even when its value is empty. */
export const stateData = {
  int64: (value: bigint): Uint8Array => new Writer().field(1, value).bytes(),
  bytes: (value: Uint8Array): Uint8Array => new Writer().message(2, value).bytes(),
  text: (value: string): Uint8Array => new Writer().message(3, Buffer.from(value)).bytes(),
};

/**
 * Writes a record: only the fields that changed, and its description where that is new.
 * Source: Fabric core/chaincode/lifecycle/serializer.go, Serialize.
 */
export function writeRecord(state: RecordState, space: string, name: string, record: LifecycleRecord): void {
  const known = readDescription(state, space, name);
  const before = new Map(known?.fields.map((field) => [field, state.get(fieldKey(space, name, field))]));
  for (const [field, value] of record.fields) {
    const old = before.get(field);
    if (old === undefined || !sameBytes(old, value)) state.put(fieldKey(space, name, field), value);
  }
  const isNew = known?.datatype !== record.datatype || known.fields.length !== record.fields.size;
  if (isNew) state.put(descriptionKey(space, name), encodeDescription(record));
}

/** What a record is and has; `undefined` where there is none. Source: serializer.go, DeserializeMetadata. */
export function readDescription(
  state: RecordState,
  space: string,
  name: string,
): { datatype: string; fields: readonly string[] } | undefined {
  const bytes = state.get(descriptionKey(space, name));
  if (bytes === undefined) return undefined;
  const description = new Fields(bytes);
  return { datatype: description.text(1), fields: description.texts(2) };
}

/** One field of a record; empty where it is absent. @returns the fields of `lifecycle.StateData` */
export function readField(state: Pick<RecordState, 'get'>, space: string, name: string, field: string): Fields {
  return new Fields(state.get(fieldKey(space, name, field)) ?? new Uint8Array(0));
}

/**
 * In which fields somebody's record differs from this one, of which only hashes are known. All of them are looked at.
 * @returns none where it is the same; the type's name where there is no such record. Source: serializer.go, IsSerialized.
 */
export function differences(state: HashState, space: string, name: string, record: LifecycleRecord): string[] {
  const description = state(descriptionKey(space, name));
  const hashes = [...record.fields].map(([field]) => state(fieldKey(space, name, field)));
  if (!isHashOf(encodeDescription(record), description)) return [record.datatype];
  return [...record.fields].flatMap(([field, value], index) => (isHashOf(value, hashes[index]) ? [] : [field]));
}

/** Key of a record's description; a range of them is every record of a space. */
export function descriptionKey(space: string, name: string): string {
  return `${space}/metadata/${name}`;
}

function fieldKey(space: string, name: string, field: string): string {
  return `${space}/fields/${name}/${field}`;
}

function encodeDescription({ datatype, fields }: LifecycleRecord): Uint8Array {
  return new Writer()
    .field(1, datatype)
    .messages(
      2,
      [...fields.keys()].map((field) => Buffer.from(field)),
    )
    .bytes();
}

function isHashOf(value: Uint8Array, hash: Uint8Array | undefined): boolean {
  return hash !== undefined && sameBytes(createHash('sha256').update(value).digest(), hash);
}
