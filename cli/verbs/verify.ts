import { basename } from 'node:path';

import { type Command } from 'commander';

import { type DigestMap, HASH_ALGORITHMS, parseHashAlgorithm } from '../../domain/digests.js';
import { optional } from '../../domain/fields.js';
import { parseEvidenceId, parseTxId } from '../../domain/ids.js';
import { type PublicParty, type VerifiedRecord } from '../../gateway/openapi/types.js';
import { askLedger, type LedgerQuestion } from '../ask-ledger.js';
import { CliError } from '../cli-error.js';
import { verdictExit } from '../exit-codes.js';
import { hashFile } from '../hash-file.js';
import { createFileBar } from '../progress.js';
import { printable } from '../printable.js';
import { readIfReceipt } from '../receipt-files.js';
import { verifyReceiptFile } from '../receipt-report.js';
import { readVerification, textOf, type Unread, type Verification } from '../rest-answers.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';
import { timeRows } from '../time-rows.js';

interface VerifyOptions extends CommonOptions {
  readonly id?: string;
  readonly tx?: string;
  readonly alg: string;
  readonly trust?: string;
  readonly file?: string;
  readonly asOf?: string;
}

const RECEIPT_HELP =
  'A receipt (.yz) is told from any other file by its content, and verified offline: VALID, INVALID or UNDECIDED.';
const CAVEAT_HELP =
  'Several records of one file: the verdict is that of the best one, and "+ 1×MATCH_ANNULLED" behind it says what another one came to (`caveats` with --json).';

/** Adds `verify FILE`: hashes the file here and asks any gateway; nobody logs in. */
export function addVerify(program: Command, shell: Shell): void {
  addVerb(program, 'verify <file>', 'was exactly this file recorded, or does this receipt hold? Files stay here')
    .option('--id <id>', 'compare with this record alone')
    .option('--tx <id>', 'compare with the record that this transaction made')
    .option('--alg <name>', `digest to ask by: ${HASH_ALGORITHMS.join(', ')}`, 'sha-256')
    .option('--trust <file>', 'for a receipt: the trust root (yinzheng trust-root); nothing else is asked')
    .option('--file <file>', 'for a receipt: the file that it should be about')
    .option('--as-of <date>', 'for a receipt: the standing on this date, such as 2026-03-01')
    .addHelpText('after', `\n${wrap(RECEIPT_HELP)}`)
    .addHelpText('after', `\n${wrap(CAVEAT_HELP)}`)
    .addHelpText('after', '\nExit code: 0 match; 1 mismatch, not found, annulled; 2 cannot decide; 64 misuse')
    .action(async (file: string, options: VerifyOptions) => {
      const receipt = await readIfReceipt(file);
      if (receipt !== undefined) {
        const { trust, file: about, asOf } = options;
        shell.finish(options, await verifyReceiptFile({ receipt: file, bytes: receipt, trust, file: about, asOf }));
        return;
      }
      refuseReceiptOptions(options);
      const algorithm = parseHashAlgorithm(options.alg);
      const { id, txId } = readRecordOptions(options);
      const bar = createFileBar(shell.terminal, basename(file));
      const { digests } = await hashFile(file, [algorithm], bar.update).finally(bar.stop);
      const answer = await askLedger(folderOf(options), { algorithm, digest: digests[algorithm] ?? '', id, txId });
      const verification = readVerification(answer);
      const { verdict, records } = verification;
      shell.finish(options, {
        exit: verdictExit(verdict),
        json: { ...answer, verdict, records, file, digests },
        text: readable(file, digests, verification),
      });
    });
}

/** @throws ID_MALFORMED; USAGE where two options name the record */
function readRecordOptions({ id, tx }: VerifyOptions): Pick<LedgerQuestion, 'id' | 'txId'> {
  if (id !== undefined && tx !== undefined) throw new CliError('USAGE', { wanted: 'either --id or --tx' });
  return {
    id: id === undefined ? undefined : parseEvidenceId(id),
    txId: tx === undefined ? undefined : parseTxId(tx.toLowerCase()),
  };
}

/** Options that say something about a receipt alone: with any other file the caller is mistaken. @throws USAGE */
function refuseReceiptOptions({ trust, file, asOf }: VerifyOptions): void {
  const option = Object.entries({ '--trust': trust, '--file': file, '--as-of': asOf }).find(([, value]) => value);
  if (option !== undefined) throw new CliError('USAGE', { option: option[0], wanted: 'a receipt to verify' });
}

function readable(file: string, digests: DigestMap, { verdict, wording, records, caveats }: Verification): string {
  return [
    `${[verdict, ...caveats.map((each) => `${each.ids.length}×${each.verdict}`)].join(' + ')}  ${printable(file)}`,
    wrap(wording.zh),
    wrap(wording.en),
    fields(Object.entries(digests).map(([name, digest]) => [name, digest])),
    ...records.map(readableRecord),
  ].join('\n');
}

function readableRecord(record: Unread<VerifiedRecord>): string {
  const by = (record.registeredBy ?? {}) as Unread<PublicParty>;
  return fields([
    ['存证编号 id', textOf(record.id)],
    ['结论', textOf(record.verdict)],
    ['登记机构 by', [by.mspId, by.unit, by.region].map(textOf).join(' ')],
    ['交易 tx', textOf(record.txId)],
    ['区块 block', textOf(record.blockNumber)],
    ...timeRows({
      txTime: textOf(record.txTime),
      ...optional('claimedAt', textOf(record.claimedAt) || undefined),
      ...optional('trustedTime', textOf(record.trustedTime) || undefined),
    }),
  ]);
}
