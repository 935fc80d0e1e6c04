import { common } from '@hyperledger/fabric-protos';

import type { ParsedEnvelope } from '../wire/envelope.js';
import type { NamespaceRwSet } from '../wire/rwset.js';
import { readTxRwSet } from '../wire/rwset-reader.js';
import { readChaincodeAction, readEndorserTransaction, readResponsePayload } from '../wire/transaction.js';

/** The channel's configuration as Fabric keeps it in the state (core/peer/configtx_processor.go). */
const CONFIG_KEY = 'CHANNEL_CONFIG_ENV_BYTES';

/** What a CONFIG or ENDORSER_TRANSACTION envelope read and wrote; nothing is checked. @throws {WireError} */
export function readRwSet(envelope: ParsedEnvelope): NamespaceRwSet[] {
  if (envelope.channelHeader.type === common.HeaderType.CONFIG) return configRwSet(envelope);
  const { extension } = readResponsePayload(readEndorserTransaction(envelope.data).responsePayload);
  return readTxRwSet(readChaincodeAction(extension).results);
}

/** The one write of a CONFIG envelope: the configuration, in the namespace ''. */
export function configRwSet({ data }: ParsedEnvelope): NamespaceRwSet[] {
  const writes = [{ key: CONFIG_KEY, isDelete: false, value: data }];
  return [{ namespace: '', reads: [], ranges: [], writes, metadataWrites: [], collections: [] }];
}
