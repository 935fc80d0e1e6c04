import { createHash, randomBytes, randomUUID } from 'node:crypto';

import { BATCH_ITEMS_MAX, batchItem } from '../domain/batch.js';
import { optional } from '../domain/fields.js';
import { decodeReceipt, encodeReceipt } from '../proof/format/codec.js';
import { type BatchPart } from '../proof/format/receipt.js';
import { merklePath } from '../proof/merkle.js';
import { type Batch, type BatchWritten, type Bodies } from '../gateway/openapi/types.js';
import { type Caller } from './caller.js';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-codes.js';
import { type Outcome } from './output.js';
import { printable } from './printable.js';
import { keepReceipt, receiptBytes } from './receipt-files.js';
import { readObject, readText } from './rest-answers.js';
import { type CheckedFile, type Declaration } from './submission.js';
import { saltText } from './salt.js';
import { fields } from './text.js';

/** Bytes of the salt that keeps an item from being guessed by who holds another item's receipt. */
const SALT_BYTES = 32;

/** Where a batch stands in a stream of numbered items. */
export interface BatchStream {
  readonly id: string;
  readonly first: number;
}

/** An item with what its leaf was made of. */
interface Item {
  readonly file: CheckedFile;
  readonly item: Uint8Array;
  readonly salt: Uint8Array;
  readonly leaf: Uint8Array;
}

/**
 * Records many files in one transaction, and keeps the receipt of each beside it: nothing else leads from a file to its
 * batch. The gateway sees salted leaves alone; what a receipt adds about its own file is put in here.
 * @param folder for the receipts; beside each file where it is left out. @throws as `callGateway`; FILE_UNREADABLE
 */
export async function submitBatch(
  caller: Caller,
  files: readonly CheckedFile[],
  declared: Declaration,
  stream: BatchStream | undefined,
  folder: string | undefined,
): Promise<Outcome> {
  if (files.length > BATCH_ITEMS_MAX) throw new CliError('USAGE', { wanted: `at most ${BATCH_ITEMS_MAX} files` });
  const items = files.map((file, index) => makeItem(file, stream && stream.first + index));
  const requestId = declared.requestId ?? randomUUID();
  const salted = declared.caseText === undefined ? undefined : saltText(declared.caseText);
  const { body } = await caller.call<BatchWritten>({
    method: 'POST',
    path: '/v1/batches',
    idempotencyKey: requestId,
    body: {
      leaves: items.map(({ leaf }) => Buffer.from(leaf).toString('hex')),
      ...optional('stream', stream),
      kind: declared.kind,
      interest: declared.interest,
      statements: declared.statements,
      claimedAt: declared.claimedAt ?? newest(files),
      ...optional('caseReference', salted?.digest),
    } satisfies Bodies['registerBatch'],
  });
  const batch = readObject<Batch>(body.batch, 'batch');
  const id = readText(batch.id, 'batch.id');
  const whole = decodeReceipt(await readOrAsk(caller, id, body.receipt));
  const leaves = items.map(({ leaf }) => leaf);
  const kept: { readonly file: string; readonly receipt: string }[] = [];
  for (const [index, { file, item, salt }] of items.entries()) {
    const part: BatchPart = { item, salt, index, size: items.length, path: merklePath(leaves, index) };
    const bytes = encodeReceipt({ ...whole, batch: part });
    kept.push({ file: file.file, receipt: await keepReceipt(file.file, id, bytes, folder) });
  }
  const place = { id, root: batch.root, size: batch.size, txId: body.txId, blockNumber: body.blockNumber };
  const gap = batch.gap === undefined ? undefined : readObject(batch.gap, 'gap');
  return {
    exit: EXIT.match,
    json: { ...place, ...optional('gap', gap), requestId, items: kept, ...optional('case', salted) },
    text: [
      `一笔交易登记 ${items.length} 份文件 recorded ${items.length} files in one transaction`,
      fields([
        ['存证编号 id', id],
        ['批次根 root', readText(batch.root, 'batch.root')],
        ['交易 tx', readText(body.txId, 'txId')],
        ...(gap === undefined ? [] : [['缺号 missing', gapText(gap)] as const]),
        ...kept.map(({ receipt }) => ['回执 receipt', printable(receipt)] as const),
        ...(salted === undefined ? [] : [['盐值 salt', salted.salt] as const]),
      ]),
    ].join('\n'),
  };
}

/** The batch's receipt: in the answer, or asked for again where organisations could not sign at once. */
async function readOrAsk(caller: Caller, id: string, receipt: unknown): Promise<Uint8Array> {
  if (typeof receipt === 'string') return Buffer.from(receipt, 'base64');
  return receiptBytes((await caller.call({ method: 'GET', path: `/v1/receipts/${id}` })).body);
}

/** `GAP 412`, or `GAP 412-415` for several. */
export function gapText({ from, to }: { readonly from?: unknown; readonly to?: unknown }): string {
  return from === to ? `GAP ${String(from)}` : `GAP ${String(from)}-${String(to)}`;
}

function makeItem(file: CheckedFile, sequence: number | undefined): Item {
  const item = Buffer.from(batchItem(file.digests, sequence));
  const salt = randomBytes(SALT_BYTES);
  return { file, item, salt, leaf: createHash('sha256').update(salt).update(item).digest() };
}

/** One batch has one claim: all of its files were there when the newest was. */
function newest(files: readonly CheckedFile[]): string {
  return files.map(({ modifiedAt }) => modifiedAt).sort((a, b) => (a < b ? 1 : -1))[0] ?? '';
}
