import { optional } from '../domain/fields.js';
import { type Job, type RecordWritten } from '../gateway/openapi/types.js';
import { type Caller } from './caller.js';
import { EXIT } from './exit-codes.js';
import { type Outcome } from './output.js';
import { printable } from './printable.js';
import { readRecorded, readText } from './rest-answers.js';
import { type Salted } from './salt.js';
import { type CheckedFile, type Declaration, failed, newAttempt, registrationOf } from './submission.js';
import { fields } from './text.js';

/** A file that the gateway took. The first four members are public API. */
interface HandedIn {
  readonly file: string;
  readonly requestId: string;
  readonly job?: string;
  /** Instead of `job`, where the gateway keeps no jobs: the record that it waited for. */
  readonly id?: string;
  /** To be kept with the case, as {@link Submitted.case}. */
  readonly case?: Salted;
}

/**
 * Hands files in one after the other without waiting until they are written, and ends at the first that is refused.
 * Whether they were recorded before is not looked up: the ledger may be away just now, which is what this is for.
 */
export async function handInFiles(
  caller: Caller,
  files: readonly CheckedFile[],
  declared: Declaration,
): Promise<Outcome> {
  const accepted: HandedIn[] = [];
  for (const [index, file] of files.entries()) {
    const attempt = newAttempt(declared);
    try {
      const { status, body } = await caller.call<Job & RecordWritten>({
        ...registrationOf(file, declared, attempt),
        preferAsync: true,
      });
      const { requestId, salted } = attempt;
      const place = status === 202 ? { job: readText(body.id, 'id') } : { id: readRecorded(body).id };
      accepted.push({ file: file.file, requestId, ...place, ...optional('case', salted) });
    } catch (error) {
      const told = { json: { accepted }, text: accepted.map(readable).join('\n') };
      return failed(error, told, attempt, files.slice(index));
    }
  }
  return { exit: EXIT.match, json: accepted, text: accepted.map(readable).join('\n') };
}

function readable({ file, job, id, requestId, ...more }: HandedIn): string {
  const told = job === undefined ? '已存证 recorded' : '已受理，尚未上链 accepted, not written yet';
  return [
    `${told}: ${printable(file)}`,
    fields([
      ...(job === undefined ? [] : [['任务 job', job] as const]),
      ...(id === undefined ? [] : [['存证编号 id', id] as const]),
      ['请求 request', requestId],
      ...(more.case === undefined
        ? []
        : [['盐值 salt', `${more.case.salt} 请随案保存 keep it with the case`] as const]),
      ...(job === undefined ? [] : [['查询 ask', `yinzheng job ${job}`] as const]),
    ]),
  ].join('\n');
}
