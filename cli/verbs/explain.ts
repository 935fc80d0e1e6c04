import { type Command } from 'commander';

import { receiptToJson } from '../../proof/format/codec.js';
import { readReceipt } from '../../proof/format/compact.js';
import { ProofError } from '../../proof/proof-error.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { readReceiptFile } from '../receipt-report.js';
import { drawTree, receiptTree } from '../receipt-tree.js';
import { addVerb, type CommonOptions, type Shell } from '../shell.js';

/** Adds `explain RECEIPT`: what stands in a receipt, as a tree. Nothing is verified, and no network is asked. */
export function addExplain(program: Command, shell: Shell): void {
  addVerb(program, 'explain <receipt>', 'what stands in a receipt, as a tree; `verify` says whether it holds').action(
    async (file: string, options: CommonOptions) => {
      try {
        const receipt = await readReceipt(await readReceiptFile(file));
        const text = drawTree(receiptTree(receipt)).join('\n');
        shell.finish(options, { exit: EXIT.match, json: receiptToJson(receipt) as object, text });
      } catch (error) {
        if (!(error instanceof ProofError)) throw error;
        throw new CliError('FILE_UNREADABLE', { file, reason: error.code, wanted: 'a receipt' }, { cause: error });
      }
    },
  );
}
