import { fromUtf8 } from '../bytes.js';
import { readResponsePayload } from '../fabric/response-payload.js';
import { type Receipt } from '../format/receipt.js';
import { demandNoWrites } from './answer.js';
import { checkProposal, checkSignatures, findEpoch, type Signers } from './endorsements.js';
import { CheckFailed, demand } from './finding.js';
import { isTransactionOf, readProcessedTransaction, type WantedWrite } from './transaction.js';

/** Fabric's chaincode for questions about the ledger, and the function that gives a transaction with its code. */
const QSCC = 'qscc';
const FUNCTION = 'GetTransactionByID';
/** peer.TxValidationCode.VALID. */
const VALID = 0;

/**
 * Step `audit`: organisations signed that the transaction is valid. @returns its id. @throws CheckFailed, ProofError
 */
export async function checkAudit(
  receipt: Receipt,
  wanted: WantedWrite,
  stampedMs: number | undefined,
  signers: Signers,
): Promise<{ txId: string; organisations: readonly string[] }> {
  const part = receipt.audit;
  if (part === undefined) throw new CheckFailed('SKIPPED', 'PART_ABSENT');
  const payload = readResponsePayload(part.payload);
  demandNoWrites(payload);
  const proposal = checkProposal(part, payload, signers.trust.channel, signers.identities);
  const [name, channel, txId = '', ...more] = proposal.args.map((arg) => fromUtf8(arg) ?? '');
  const called = payload.chaincode.name === QSCC && name === FUNCTION && channel === signers.trust.channel;
  demand(called && more.length === 0 && payload.status === 200n, 'AUDIT_CALL');
  const epoch = findEpoch(signers.trust, receipt.configBlock, proposal.timeMs);
  const organisations = await checkSignatures(part, { epoch, timeMs: proposal.timeMs, stampedMs }, signers);
  const processed = readProcessedTransaction(payload.payload);
  demand(processed.code === VALID, 'AUDIT_CODE', { code: processed.code });
  demand(isTransactionOf(processed.payload, txId, wanted), 'AUDIT_TRANSACTION', { txId });
  return { txId, organisations };
}
