import { blockHash, coversData, type SignedBlock } from '../fabric/block.js';
import { readLoosely } from '../fabric/protobuf.js';
import { ProofError } from '../proof-error.js';
import { type ConfigGroup, readConfigGroup } from './config-group.js';
import { readOrdering } from './ordering.js';
import { readOrganisation } from './organisation.js';
import { type Epoch } from './trust-root.js';

/** common.HeaderType.CONFIG. */
const CONFIG = 1n;

/** What one configuration block says; signatures are not looked at here. */
export interface ConfigBlock {
  readonly channel: string;
  readonly hash: Uint8Array;
  readonly epoch: Epoch;
}

/**
 * Reads the channel configuration out of a block. @throws {ProofError} CONFIG_MALFORMED where the block holds none or
 * its data hash is another one's, CONFIG_UNSUPPORTED, PROTOBUF_MALFORMED
 */
export function readConfigBlock(block: SignedBlock): ConfigBlock {
  if (!coversData(block)) throw new ProofError('CONFIG_MALFORMED', 'the data hash is not the one of the data');
  const envelope = readLoosely(block.data, { 1: 'bytes' }, 'configuration envelope');
  const payload = readLoosely(envelope[1], { 1: 'bytes', 2: 'bytes' }, 'configuration payload');
  const header = readLoosely(payload[1], { 1: 'bytes' }, 'configuration header');
  const channelHeader = readLoosely(header[1], { 1: 'uint', 3: 'bytes', 4: 'text' }, 'channel header');
  if (channelHeader[1] !== CONFIG) throw new ProofError('CONFIG_MALFORMED', 'a configuration is wanted');
  const time = readLoosely(channelHeader[3], { 1: 'uint', 2: 'uint' }, 'timestamp');
  const config = readLoosely(
    readLoosely(payload[2], { 1: 'bytes' }, 'configuration')[1],
    { 1: 'uint', 2: 'bytes' },
    '',
  );
  const root = readConfigGroup(config[2]);
  return {
    channel: channelHeader[4],
    hash: blockHash(block),
    epoch: {
      configBlock: block.number,
      sequence: Number(config[1]),
      from: new Date(Number(time[1]) * 1000).toISOString(),
      ...readChannel(root),
    },
  };
}

function readChannel(root: ConfigGroup): Omit<Epoch, 'configBlock' | 'sequence' | 'from'> {
  const orderer = root.groups.get('Orderer');
  const application = root.groups.get('Application');
  if (orderer === undefined || application === undefined) {
    throw new ProofError('CONFIG_MALFORMED', 'the groups Orderer and Application are wanted');
  }
  const ordererOrganisations = [...orderer.groups.values()].map(readOrganisation).sort(byMspId);
  const { consensus, rule } = readOrdering(
    orderer,
    ordererOrganisations.map(({ mspId }) => mspId),
  );
  const organisations = [...application.groups.values()].map(readOrganisation).sort(byMspId);
  return { consensus, organisations, ordererOrganisations, ordering: rule };
}

/** A protobuf map has no order of its own, and a fingerprint needs one. */
function byMspId(a: { readonly mspId: string }, b: { readonly mspId: string }): number {
  return a.mspId < b.mspId ? -1 : 1;
}
