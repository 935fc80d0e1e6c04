import { type EvidenceWrite, type EvidenceWrites, writeEvidence } from './evidence.js';
import {
  type AccessWritten,
  type DecisionWritten,
  type ObjectionWritten,
  type RecordWritten,
  type TransferWritten,
} from './openapi/types.js';
import { type GatewayParts } from './parts.js';
import { issueWith } from './receipts/receipts.js';

/** What a write of the evidence contract is answered with, at once or later. */
export interface WriteAnswer {
  /** 201, or 200 where an earlier request had stored it already. */
  readonly status: 200 | 201;
  /** Path of the record. */
  readonly location: string;
  readonly body: object;
}

/** Submits one write as its caller and makes the receipt of a record. @throws as `writeEvidence` and `issueWith` */
export async function answerWrite<Name extends EvidenceWrite>(
  { ledger, config, receipts }: Pick<GatewayParts, 'ledger' | 'config' | 'receipts'>,
  user: string,
  name: Name,
  request: EvidenceWrites[Name]['request'],
): Promise<WriteAnswer> {
  const { value, txId, blockNumber, fresh } = await writeEvidence(ledger, user, name, request);
  const receipt = value.schema === 'evidence/1' ? await issueWith(receipts, value) : {};
  return {
    status: fresh ? 201 : 200,
    location: `/v1/evidence/${'evidenceId' in value ? value.evidenceId : value.id}`,
    body: { ...show(value), txId, blockNumber, code: 'VALID', channel: config.channel, ...receipt },
  };
}

type Entry = (ObjectionWritten | DecisionWritten | TransferWritten | AccessWritten)['entry'];

/** A record, or an entry about one; a decision has no id of its own and goes by its objection's. */
function show(value: EvidenceWrites[EvidenceWrite]['stored']): object {
  if (value.schema === 'evidence/1') return { record: value } satisfies Pick<RecordWritten, 'record'>;
  const entry: Entry = value.schema === 'decision/1' ? { id: value.objectionId, ...value } : value;
  return { entry };
}
