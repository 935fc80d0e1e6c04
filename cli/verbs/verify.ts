import { basename } from 'node:path';

import { type Command } from 'commander';

import { type DigestMap, HASH_ALGORITHMS, parseHashAlgorithm } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { statusWording } from '../../domain/wording.js';
import { CliError } from '../cli-error.js';
import { type DataFolder } from '../data-folder.js';
import { verdictExit } from '../exit-codes.js';
import { readGateways } from '../gateways.js';
import { hashFile } from '../hash-file.js';
import { createFileBar } from '../progress.js';
import { printable } from '../printable.js';
import { readIfReceipt } from '../receipt-files.js';
import { verifyReceiptFile } from '../receipt-report.js';
import { type Json, readVerification, textOf, type Verification } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';

interface VerifyOptions extends CommonOptions {
  readonly id?: string;
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
      const id = options.id === undefined ? undefined : parseEvidenceId(options.id);
      const bar = createFileBar(shell.terminal, basename(file));
      const { digests } = await hashFile(file, [algorithm], bar.update).finally(bar.stop);
      const query = new URLSearchParams({ alg: algorithm, digest: digests[algorithm] ?? '', ...(id && { id }) });
      const answer = await askAnyGateway(folderOf(options), `/v1/verify?${query.toString()}`);
      const verification = readVerification(answer);
      const { verdict, records } = verification;
      shell.finish(options, {
        exit: verdictExit(verdict),
        json: { ...answer, verdict, records, file, digests },
        text: readable(file, digests, verification),
      });
    });
}

/** Options that say something about a receipt alone: with any other file the caller is mistaken. @throws USAGE */
function refuseReceiptOptions({ trust, file, asOf }: VerifyOptions): void {
  const option = Object.entries({ '--trust': trust, '--file': file, '--as-of': asOf }).find(([, value]) => value);
  if (option !== undefined) throw new CliError('USAGE', { option: option[0], wanted: 'a receipt to verify' });
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

function readable(file: string, digests: DigestMap, { verdict, wording, records, caveats }: Verification): string {
  return [
    `${[verdict, ...caveats.map((each) => `${each.ids.length}×${each.verdict}`)].join(' + ')}  ${printable(file)}`,
    wrap(wording.zh),
    wrap(wording.en),
    fields(Object.entries(digests).map(([name, digest]) => [name, digest])),
    ...records.map(readableRecord),
  ].join('\n');
}

function readableRecord(record: Json): string {
  const by = (record.registeredBy ?? {}) as Json;
  return fields([
    ['存证编号 id', textOf(record.id)],
    ['结论', textOf(record.verdict)],
    ['登记机构 by', [by.mspId, by.unit, by.region].map(textOf).join(' ')],
    ['交易 tx', textOf(record.txId)],
    ['区块 block', textOf(record.blockNumber)],
    ['时间 time', `${textOf(record.txTime)} (申报 as claimed)`],
  ]);
}
