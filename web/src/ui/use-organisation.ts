import { useQuery } from '@tanstack/react-query';

import { type ConsortiumAnswer } from '../../../gateway/openapi/types.js';
import { callJson } from '../api/client.js';
import { fill, useSay } from '../words/words.js';

const NAMED = { zh: '{title}（{mspId}）', en: '{title} ({mspId})' };

/** @returns what an organisation is called, with its MSP id beside; the id alone where the gateway knows no name */
export function useOrganisation(): (mspId: string) => string {
  const say = useSay();
  const { data } = useQuery({
    queryKey: ['consortium'],
    queryFn: () => callJson<ConsortiumAnswer>({ path: '/v1/consortium' }),
    staleTime: Infinity,
    retry: false,
  });
  return (mspId) => {
    const title = Object.entries(data?.titles ?? {}).find(([id]) => id === mspId)?.[1];
    return title === undefined ? mspId : fill(say(NAMED), { title: say(title), mspId });
  };
}

/** @returns a unit as its organisation's: whom an act is of */
export function usePlace(): (of: { readonly mspId: string; readonly unit: string }) => string {
  const nameOf = useOrganisation();
  return ({ mspId, unit }) => `${nameOf(mspId)} · ${unit}`;
}
