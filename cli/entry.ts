import { randomUUID } from 'node:crypto';

import { type Role } from '../domain/actor.js';
import { optional } from '../domain/fields.js';
import { parseRequestId } from '../domain/ids.js';
import { type Bodies, type TransferWritten } from '../gateway/openapi/types.js';
import { openCaller, readOrganisations } from './caller.js';
import { EXIT } from './exit-codes.js';
import { readEntry } from './rest-answers.js';
import { type Salted } from './salt.js';
import { type CommonOptions, folderOf, type Shell } from './shell.js';
import { fields } from './text.js';
import { requireSigner } from './users.js';

/** Options of every verb that writes an entry about a record. */
export interface EntryOptions extends CommonOptions {
  readonly as?: string;
  readonly request?: string;
}

type EntryBody = Bodies['objectToEvidence' | 'decideObjection' | 'handOver' | 'answerTransfer' | 'recordAccess'];

/** An entry about a record that is to be written. */
export interface EntryRequest {
  /** Roles that may write it, for those who did not say who signs. */
  readonly roles: readonly Role[];
  /** Path of the REST API. */
  readonly path: string;
  /** One of the bodies that evidence's entries have in gateway/openapi.yaml. */
  readonly body: EntryBody;
  /** For people: what was written. */
  readonly title: string;
  /** For people: what may be done next with the entry, lines within 80 columns. */
  readonly next?: (entryId: string) => string;
  /** Salt and digest of what stays with the caller; given back, to be kept. */
  readonly kept?: Salted;
}

/**
 * Writes an entry as the user whom `--as` names, and tells its id and place on the chain.
 * @throws as `callGateway`; USAGE where nobody is named, USER_UNKNOWN
 */
export async function writeEntry(shell: Shell, options: EntryOptions, entry: EntryRequest): Promise<void> {
  const requestId = options.request === undefined ? randomUUID() : parseRequestId(options.request);
  const folder = folderOf(options);
  const signer = requireSigner(readOrganisations(folder), options.as, entry.roles);
  const caller = await openCaller(folder, signer);
  const { body } = await caller.call<TransferWritten>({
    method: 'POST',
    path: entry.path,
    idempotencyKey: requestId,
    body: entry.body,
  });
  const { id, txId, blockNumber } = readEntry(body);
  shell.finish(options, {
    exit: EXIT.match,
    json: { id, txId, blockNumber, requestId, as: caller.user.name, ...optional('kept', entry.kept) },
    text: [
      entry.title,
      fields([
        ['编号 id', id],
        ['交易 tx', txId],
        ['区块 block', String(blockNumber)],
        ['操作人 as', caller.user.name],
        ...(entry.kept === undefined ? [] : [['盐值 salt', entry.kept.salt] as const]),
      ]),
      ...(entry.next === undefined ? [] : [entry.next(id)]),
    ].join('\n'),
  });
}
