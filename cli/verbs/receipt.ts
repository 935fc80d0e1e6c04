import { writeFile } from 'node:fs/promises';

import { type Command } from 'commander';

import { parseEvidenceId } from '../../domain/ids.js';
import { openCaller } from '../caller.js';
import { unreadable } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../printable.js';
import { receiptBytes } from '../receipt-files.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';

interface ReceiptOptions extends CommonOptions {
  readonly as?: string;
  readonly out?: string;
  readonly audit?: true;
}

/** Adds `receipt ID`: the receipt of a record, byte for byte, to standard output or a file. */
export function addReceipt(program: Command, shell: Shell): void {
  addVerb(program, 'receipt <id>', 'the receipt of a record or batch, as bytes')
    .option('--as <user>', 'who asks (default: the first clerk)')
    .option('--out <file>', 'write it to this file instead of standard output')
    .option('--audit', 'the larger one for auditors, with validation code and block')
    .action(async (id: string, options: ReceiptOptions) => {
      const caller = await openCaller(folderOf(options), options.as, 'clerk');
      const path = `/v1/receipts/${parseEvidenceId(id)}${options.audit === true ? '?grade=audit' : ''}`;
      const bytes = receiptBytes((await caller.call({ method: 'GET', path })).body);
      const { out } = options;
      if (out !== undefined)
        await writeFile(out, bytes).catch((error: unknown) => Promise.reject(unreadable(out, error)));
      else if (options.json !== true) shell.terminal.bytes(bytes);
      shell.finish(options, {
        exit: EXIT.match,
        json: { id, bytes: bytes.length, ...(out === undefined ? { receipt: base64(bytes) } : { file: out }) },
        text: out === undefined ? '' : fields([['回执 receipt', `${printable(out)} (${bytes.length} bytes)`]]),
      });
    });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
