import { distilTrustRoot } from '../../proof/trust/distil.js';
import { encodeTrustRoot } from '../../proof/trust/parse.js';
import { type AttestationPolicy, type ListedIdentity, type TimestampAuthority } from '../../proof/trust/trust-root.js';
import { readSerializedIdentity } from '../ledger/attestation.js';
import { type RawBlocks } from '../ledger/deliver.js';
import { type ReceiptStore } from './receipt-store.js';

/** How long after its attestation an answer on the standing may be used: a day. */
const STANDING_AGE_MS_MAX = 86_400_000;

/** What a trust root is distilled from. */
export interface TrustOptions {
  readonly blocks: RawBlocks;
  /** Numbers of the channel's configuration blocks, from 0. */
  readonly configurationBlocks: () => readonly number[];
  readonly members: () => readonly string[];
  readonly store: ReceiptStore;
  /** Peers and gateways that are known beforehand; who signed here is listed besides. */
  readonly identities: readonly ListedIdentity[];
  readonly chaincode: string;
  readonly organisationsMin: number;
  readonly timestampAuthorities: readonly TimestampAuthority[];
}

/**
 * The consortium's trust root as this gateway sees it: the configuration blocks speak for themselves, the rest is this
 * gateway's word. Whoever relies on it compares its fingerprint with one that was published elsewhere.
 * @returns canonical JSON. @throws UNVERIFIABLE_NOW; {ProofError} where a peer's blocks do not follow from each other
 */
export async function makeTrustRoot(options: TrustOptions): Promise<Uint8Array> {
  const { blocks, configurationBlocks, members, store, chaincode, organisationsMin } = options;
  const numbers = configurationBlocks();
  const read = await Promise.all(numbers.map((number) => blocks.block(number)));
  const organisations = [...members()].sort();
  const policy: AttestationPolicy = {
    organisationsMin: Math.min(organisationsMin, organisations.length),
    organisations,
    chaincodes: [{ name: chaincode, versions: store.versions(chaincode) }],
    standingAgeMsMax: STANDING_AGE_MS_MAX,
  };
  const root = await distilTrustRoot(read, {
    policy,
    identities: distinct([...options.identities, ...store.identities().map(readSerializedIdentity)]),
    timestampAuthorities: options.timestampAuthorities,
  });
  return encodeTrustRoot(root);
}

/** Each identity once, in one order, so that equal knowledge gives equal bytes. */
function distinct(identities: readonly ListedIdentity[]): ListedIdentity[] {
  const named = new Map(
    identities.map(({ mspId, certificate }) => [`${mspId} ${certificate}`, { mspId, certificate }]),
  );
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, identity]) => identity);
}
