import { DomainError } from '../domain/errors.js';
import { type EvidenceId, type TxId } from '../domain/ids.js';
import { statusWording } from '../domain/wording.js';
import { CliError } from './cli-error.js';
import { type DataFolder } from './data-folder.js';
import { readGateways } from './gateways.js';
import { type Json } from './rest-answers.js';
import { callGateway } from './rest-client.js';

/** A file's digest, and the record that alone is meant: by its number, or by the transaction that made it. */
export interface LedgerQuestion {
  readonly algorithm: string;
  readonly digest: string;
  readonly id: EvidenceId | undefined;
  readonly txId: TxId | undefined;
}

/** Asks any gateway of the folder for a verdict. @returns the answer of `GET /v1/verify`, or one of its form */
export async function askLedger(folder: DataFolder, question: LedgerQuestion): Promise<Json> {
  const { algorithm, digest, txId } = question;
  const led = txId === undefined ? {} : await askAnyGateway(folder, `/v1/transactions/${txId}`);
  const id = question.id ?? (led.evidenceId as string | undefined);
  if (txId !== undefined && id === undefined) {
    // The transaction made no record that may be compared with; its wording says why.
    return { verdict: led.verdict ?? 'NOT_FOUND', wording: led.wording, records: [], caveats: [] };
  }
  const query = new URLSearchParams({ alg: algorithm, digest, ...(id !== undefined && { id }) });
  return askAnyGateway(folder, `/v1/verify?${query.toString()}`);
}

/** The first gateway that can decide; `UNVERIFIABLE_NOW` where none can, or none runs. */
async function askAnyGateway(folder: DataFolder, path: string): Promise<Json> {
  const failures: { readonly gateway: string; readonly code: string }[] = [];
  for (const { name, url } of readGateways(folder) ?? []) {
    try {
      const { body } = await callGateway(url, { method: 'GET', path });
      if (body.verdict !== 'UNVERIFIABLE_NOW') return body;
      failures.push({ gateway: name, code: 'UNVERIFIABLE_NOW' });
    } catch (error) {
      // The question was checked before it was sent, so whatever a gateway refuses now is no answer to it.
      if (!(error instanceof CliError || error instanceof DomainError)) throw error;
      failures.push({ gateway: name, code: error.code });
    }
  }
  return {
    verdict: 'UNVERIFIABLE_NOW',
    wording: statusWording('UNVERIFIABLE_NOW'),
    records: [],
    caveats: [],
    failures,
  };
}
