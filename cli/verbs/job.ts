import { setTimeout as sleep } from 'node:timers/promises';

import { type Command } from 'commander';

import {
  type Evidence,
  type Job,
  type Problem,
  type RecordWritten,
  type TransferWritten,
} from '../../gateway/openapi/types.js';
import { openCaller } from '../caller.js';
import { errorWording } from '../error-words.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type Outcome } from '../output.js';
import { readObject, readText, textOf, type Unread } from '../rest-answers.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';

interface JobOptions extends CommonOptions {
  readonly as?: string;
  readonly wait?: true;
}

/** Milliseconds between two questions of one that waits. */
const ASK_EVERY_MS = 1_000;

const STATES: Readonly<Record<string, { readonly words: string; readonly exit: ExitCode }>> = {
  accepted: { words: '已受理，尚未上链 accepted, not written yet', exit: EXIT.cannotDecide },
  done: { words: '已上链 written', exit: EXIT.match },
  refused: { words: '未写入 refused', exit: EXIT.no },
};

/** Adds `job ID`: what became of what `submit --no-wait` handed in. */
export function addJob(program: Command, shell: Shell): void {
  addVerb(program, 'job <id>', 'what became of a file that `submit --no-wait` handed in')
    .option('--as <user>', 'who handed it in (default: the first clerk)')
    .option('--wait', 'end only when it is written or refused')
    .addHelpText('after', '\nExit code: 0 written; 1 refused, or no such job; 2 not written yet')
    .action(async (id: string, options: JobOptions) => {
      const caller = await openCaller(folderOf(options), options.as, 'clerk');
      const ask = async () =>
        (await caller.call<Job>({ method: 'GET', path: `/v1/jobs/${encodeURIComponent(id)}` })).body;
      let job = await ask();
      while (options.wait === true && job.state === 'accepted') {
        await sleep(ASK_EVERY_MS);
        job = await ask();
      }
      shell.finish(options, tellJob(job));
    });
}

function tellJob(job: Unread<Job>): Outcome {
  const { words, exit } = STATES[readText(job.state, 'state')] ?? { words: '', exit: EXIT.cannotDecide };
  const why = job.state === 'refused' ? readObject<Problem>(job.problem, 'problem').code : job.waitingFor;
  const rows: (readonly [string, string])[] = [
    ['任务 job', readText(job.id, 'id')],
    ['受理 since', textOf(job.acceptedAt)],
    ...(job.state === 'done' ? writtenRows(readObject<Written>(job.answer, 'answer')) : []),
    ...(why === undefined ? [] : [['原因 why', readText(why, 'why')] as const]),
  ];
  const reason = why === undefined ? undefined : errorWording(readText(why, 'why'));
  const sentences = reason === undefined ? [] : [reason.zh, reason.en].map((each) => `  ${wrap(each, 78, '    ')}`);
  return { exit, json: job, text: [words, fields(rows), ...sentences].join('\n') };
}

type Written = RecordWritten & TransferWritten;

function writtenRows(answer: Unread<Written>): (readonly [string, string])[] {
  const { id } = readObject<Evidence>(answer.record ?? answer.entry, 'record');
  return [
    ['编号 id', textOf(id)],
    ['交易 tx', textOf(answer.txId)],
    ['区块 block', textOf(answer.blockNumber)],
  ];
}
