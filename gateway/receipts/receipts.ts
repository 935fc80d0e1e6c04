import { readFileSync } from 'node:fs';

import { type GatewayConfig, type ReceiptsConfig } from '../config.js';
import { DomainError, type ErrorCode } from '../../domain/errors.js';
import { optional } from '../../domain/fields.js';
import { type EvidenceId } from '../../domain/ids.js';
import { findStored } from '../evidence.js';
import { type AuditQuery } from '../audit/query.js';
import { ConfigError } from '../config-error.js';
import { Certificates } from '../certificate/certificates.js';
import { type Wallet } from '../identity/wallet.js';
import { type Fabric } from '../ledger/fabric.js';
import { type ChannelPlace } from './build.js';
import { EndorserCheck } from './endorser-check.js';
import { Heart } from './heart.js';
import { ReceiptOffice, type Stored } from './office.js';
import { createPartSources } from './part-sources.js';
import { ReceiptJudge } from './judgement.js';
import { ReceiptStore } from './receipt-store.js';
import { Sealer } from './sealer.js';
import { makeTrustRoot } from './trust.js';

/** All that a gateway does about receipts. */
export interface Receipts {
  readonly office: ReceiptOffice;
  readonly certificates: Certificates;
  readonly judge: ReceiptJudge;
  /** Canonical JSON of the trust root. @throws UNVERIFIABLE_NOW */
  readonly trustRoot: () => Promise<Uint8Array>;
  readonly close: () => void;
}

/** @throws {ConfigError} CONFIG_INVALID where a certificate cannot be read; {Error} where the store cannot be opened */
export function openReceipts(
  config: GatewayConfig,
  settings: ReceiptsConfig,
  fabric: Omit<Fabric, 'close'>,
  query: AuditQuery,
  wallet: Wallet,
): Receipts {
  const { channel, chaincode, serviceUser: user } = config;
  const identities = settings.identities.map(({ mspId, certificate }) => ({
    mspId,
    certificate: readPem(certificate),
  }));
  const stamper = settings.timestamp && {
    url: settings.timestamp.url,
    authority: { certificate: readPem(settings.timestamp.certificate), policies: settings.timestamp.policies },
  };
  const timestampAuthorities = stamper === undefined ? [] : [stamper.authority];
  const sealer = settings.seal && new Sealer(config.mspId, settings.seal);
  const store = new ReceiptStore(settings.database);
  const members = (): readonly string[] => query.configuration()?.organisations ?? [];
  const check = new EndorserCheck(fabric.rawBlocks, () => query.configurationBlocks());
  const attester = fabric.attester({
    ...{ members, organisations: settings.organisations },
    accepts: (attestation) => check.accepts(attestation),
  });
  const office = new ReceiptOffice({
    ...{ attester, store, user, place: () => placeOf(channel, query) },
    heart: new Heart(fabric.ledger, user, settings.heartbeatMs),
    parts: createPartSources({
      ...{ attester, user, channel, blocks: fabric.rawBlocks, placeOf: (txId) => query.placeOf(txId) },
      ...(stamper && { stamper }),
      ...(sealer && { sealer }),
    }),
  });
  const trustRoot = async (): Promise<Uint8Array> => {
    await office.learnSigners();
    return makeTrustRoot({
      ...{ blocks: fabric.rawBlocks, configurationBlocks: () => query.configurationBlocks(), members, store },
      ...{ identities, chaincode, timestampAuthorities, organisationsMin: settings.organisations },
    });
  };
  const certificates = new Certificates({
    ...{ office, query, mspId: config.mspId, signer: () => wallet.identity(user) },
    ...optional('verifyPage', settings.verifyPage),
    ...optional('filing', settings.filing),
  });
  const find = (id: EvidenceId) => findStored(fabric.ledger, user, id);
  return {
    office,
    certificates,
    judge: new ReceiptJudge({ office, trustRoot, find }),
    trustRoot,
    close: () => {
      store.close();
    },
  };
}

/** What an answer says of the receipt of that which was just written: `.yz` bytes in base64. */
export interface IssuedReceipt {
  readonly receipt?: string | null;
  readonly receiptRefusal?: ErrorCode;
}

/**
 * The receipt of what was just written. What is committed stays committed where too few organisations can sign now:
 * `null` then, and `GET /v1/receipts/:id` makes it later. There is no half receipt.
 * @param receipts absent where this gateway issues none; the answer then does not speak of them.
 */
export async function issueWith(receipts: Receipts | undefined, stored: Stored): Promise<IssuedReceipt> {
  if (receipts === undefined) return {};
  try {
    return { receipt: Buffer.from(await receipts.office.issue(stored)).toString('base64') };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { receipt: null, receiptRefusal: error.code };
  }
}

function placeOf(channel: string, query: AuditQuery): ChannelPlace | undefined {
  const genesis = query.block(0)?.hash;
  const configBlock = query.configurationBlocks().at(-1);
  return genesis === undefined || configBlock === undefined ? undefined : { channel, genesis, configBlock };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(path, 'a certificate in PEM that can be read', { cause });
  }
}
