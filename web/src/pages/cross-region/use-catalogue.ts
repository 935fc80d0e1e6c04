import { useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query';

import { type AttestationItem, type ItemPage, type Network } from '../../../../gateway/openapi/types.js';
import { callJson, pathOf } from '../../api/client.js';
import { type Session, useSession } from '../../session/session.js';

/** Pages of one catalogue that are read at most; each has as many items as the contract gives at once. */
const PAGES_MAX = 20;

/** What every organisation of the channel lets be asked. */
export interface Catalogue {
  readonly items: readonly AttestationItem[];
  readonly organisations: readonly string[];
  readonly pending: boolean;
  readonly error: Error | null;
  readonly again: () => void;
}

/** The catalogues of all organisations, each asked by itself, so that none hides the others. */
export function useCatalogue(): Catalogue {
  const { json } = useSession();
  const network = useQuery({
    queryKey: ['network'],
    queryFn: () => callJson<Network>({ path: '/v1/network' }),
  });
  const organisations = network.data?.organisations ?? [];
  const catalogues: UseQueryResult<readonly AttestationItem[]>[] = useQueries({
    queries: organisations.map((mspId) => ({ queryKey: ['catalogue', mspId], queryFn: () => readAll(json, mspId) })),
  });
  const all = [network, ...catalogues];
  return {
    items: catalogues.flatMap(({ data }) => data ?? []),
    organisations,
    pending: all.some(({ isPending }) => isPending),
    error: all.find(({ error }) => error !== null)?.error ?? null,
    again: () => {
      for (const each of all) if (each.isError) void each.refetch();
    },
  };
}

async function readAll(json: Session['json'], mspId: string): Promise<readonly AttestationItem[]> {
  const items: AttestationItem[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const read = await json<ItemPage>({ path: pathOf('catalogue', mspId), query: { cursor } });
    items.push(...read.items);
    cursor = read.bookmark === '' ? undefined : read.bookmark;
    if (cursor === undefined) break;
  }
  return items;
}
