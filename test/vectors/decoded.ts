import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, 'fabric-3.1.5');

/** What a transaction wrote to one namespace, as Fabric's `configtxlator` decodes it. Bytes are Base64. */
export interface DecodedNamespace {
  readonly namespace: string;
  readonly rwset: {
    readonly writes: readonly { readonly key: string; readonly is_delete: boolean; readonly value: string }[];
    readonly metadata_writes: readonly {
      readonly key: string;
      readonly entries: readonly { readonly name: string; readonly value: string }[];
    }[];
  } | null;
  /** `hashed_rwset` is `kvrwset.HashedRWSet`. */
  readonly collection_hashed_rwset: readonly { readonly collection_name: string; readonly hashed_rwset: string }[];
}

interface DecodedAction {
  readonly payload: {
    readonly action: {
      readonly proposal_response_payload: {
        readonly extension: { readonly results: { readonly ns_rwset: readonly DecodedNamespace[] } };
      };
    };
  };
}

interface DecodedBlock {
  readonly data: {
    readonly data: readonly { readonly payload: { readonly data: { readonly actions?: readonly DecodedAction[] } } }[];
  };
}

/** What each transaction of a block wrote; nothing for a configuration. */
export function decodedSets(number: number): (readonly DecodedNamespace[])[] {
  const text = readFileSync(join(folder, 'json', `block_${number}.pb.json`), 'utf8');
  const { data } = (JSON.parse(text) as DecodedBlock).data;
  return data.map(({ payload }) =>
    (payload.data.actions ?? []).flatMap(
      (action) => action.payload.action.proposal_response_payload.extension.results.ns_rwset,
    ),
  );
}

/** Names of the codes that a real peer gave to the transactions of a block, as `INDEX.txt` says. */
export function codeNamesOf(number: number): string[] {
  const lines = readFileSync(join(folder, 'INDEX.txt'), 'utf8').split('\n');
  const line = lines.find((each) => each.startsWith(`${number}: `)) ?? '';
  return line.split(' ; ').map((each) => /\s([A-Z_]+)\s(?:[0-9a-f]{12})?$/.exec(each)?.[1] ?? 'unreadable');
}
