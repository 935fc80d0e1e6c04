import { useQuery } from '@tanstack/react-query';

import { callBlob } from '../api/client.js';
import { Problem } from '../api/problem.js';
import { type KnownTrust } from './verifier.js';

/** Where the trust root in force came from. */
export interface TrustChoice {
  readonly trust: KnownTrust | undefined;
  readonly from: 'gateway' | 'file';
  /** Whether one is there, or the gateway was asked for its own. */
  readonly asked: boolean;
  readonly loading: boolean;
  /** Why the gateway's could not be had. */
  readonly error: Error | null;
  readonly retry: () => void;
  /** Puts one's own in force; `undefined` goes back to the gateway's. */
  readonly setOwn: (own: KnownTrust | undefined) => void;
}

/**
 * The trust root: the gateway's, until somebody gives one of their own.
 * @param wanted whether one is needed yet; it brings the whole verifier along. @param own somebody's own
 */
export function useTrust(
  wanted: boolean,
  own: KnownTrust | undefined,
  setOwn: (own: KnownTrust | undefined) => void,
): TrustChoice {
  const asked = useQuery({ queryKey: ['trust-root'], queryFn: askTrust, enabled: wanted && own === undefined });
  return {
    trust: own ?? asked.data,
    from: own === undefined ? 'gateway' : 'file',
    asked: wanted || own !== undefined,
    loading: asked.isLoading,
    error: own === undefined ? asked.error : null,
    retry: () => void asked.refetch(),
    setOwn,
  };
}

async function askTrust(): Promise<KnownTrust> {
  const blob = await callBlob({ path: '/v1/trust-root' });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const { readTrust } = await import('./verifier.js');
  const known = readTrust(bytes);
  if (known === undefined) throw new Problem('REPLY_MALFORMED');
  return known;
}
