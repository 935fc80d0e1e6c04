import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { type Role } from '../../domain/actor.js';
import { ATTESTATION_STATES, type AttestationState } from '../../domain/attestation-words.js';
import { STATE_WORDING } from '../../domain/attestation-wording.js';
import { parseRequestId } from '../../domain/ids.js';
import {
  type Attestation,
  type AttestationItem,
  type AttestationObjectionWritten,
  type AttestationWritten,
  type RefusalStep,
} from '../../gateway/openapi/types.js';
import { type Caller, openCaller, readOrganisations } from '../caller.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { type Json, readObject, textOf, type Unread } from '../rest-answers.js';
import { type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';
import { requireSigner } from '../users.js';
import { readTextFile } from '../read-text.js';

/** Options of every verb of the group that writes. */
export interface StepOptions extends CommonOptions {
  readonly as?: string;
  readonly request?: string;
}

/** What one verb sends, and what it says. */
export interface StepCall {
  readonly roles?: readonly Role[];
  readonly path: string;
  readonly body: object;
  /** For people: what was done. */
  readonly title: string;
  /** What stays with the caller and is given back, to be kept. */
  readonly kept?: object;
}

/** Collects a repeatable option. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Adds a verb that writes to the group. */
export function addStep(group: Command, usage: string, summary: string): Command {
  return group
    .command(usage)
    .description(summary)
    .requiredOption('--as <user>', 'who signs, such as officer@zhejiang')
    .option('--request <uuid>', 'name of this request: under the same name it is done once');
}

/** The signer, logged in. @throws USAGE, USER_UNKNOWN, NETWORK_DOWN */
export function openSigner(options: StepOptions, roles: readonly Role[] = ['officer']): Promise<Caller> {
  const folder = folderOf(options);
  return openCaller(folder, requireSigner(readOrganisations(folder), options.as, roles));
}

/** What is told of whatever a step stored: an attestation, an objection or an item. */
type Stored = Pick<Attestation, 'id' | 'state' | 'refusal' | 'dueAt'> & Pick<AttestationItem, 'itemId'>;

/** Writes a step and tells the attestation as it stands. @throws as `callGateway` */
export async function writeStep(shell: Shell, options: StepOptions, call: StepCall, signer?: Caller): Promise<void> {
  const requestId = options.request === undefined ? randomUUID() : parseRequestId(options.request);
  const caller = signer ?? (await openSigner(options, call.roles));
  const { body } = await caller.call<Partial<AttestationWritten & AttestationObjectionWritten>>({
    method: 'POST',
    path: call.path,
    idempotencyKey: requestId,
    body: call.body,
  });
  const stored = readObject<Stored>(body.attestation ?? body.entry, 'attestation');
  const refused = stored.state === 'REFUSED' && call.path === '/v1/attestations';
  shell.finish(options, {
    exit: refused ? EXIT.no : EXIT.match,
    json: { ...body, requestId, as: caller.user.name, ...(call.kept && { kept: call.kept }) },
    text: [
      call.title,
      fields([
        ['编号 id', textOf(stored.id ?? stored.itemId)],
        ...stateRows(stored),
        ['交易 tx', textOf(body.txId)],
        ['区块 block', textOf(body.blockNumber)],
        ['操作人 as', caller.user.name],
      ]),
    ].join('\n'),
  });
}

/** The rows that say how an attestation stands; none for other things. */
export function stateRows(
  stored: Unread<Pick<Attestation, 'state' | 'refusal' | 'dueAt'>>,
): (readonly [string, string])[] {
  const state = ATTESTATION_STATES.find((each): each is AttestationState => each === stored.state);
  if (state === undefined) return [];
  const { zh, en } = STATE_WORDING[state];
  const refusal =
    stored.refusal === undefined ? '' : ` · ${textOf(readObject<RefusalStep>(stored.refusal, 'refusal').code)}`;
  const due = state === 'REQUESTED' ? [['时限 due', textOf(stored.dueAt)] as const] : [];
  return [['状态 state', `${zh} ${en}${refusal}`], ...due];
}

/** Reads a file of JSON that holds one object. @throws FILE_UNREADABLE, USAGE */
export function readJsonFile(path: string, option: string): Json {
  const text = readTextFile(path);
  try {
    return readObject(JSON.parse(text), option);
  } catch {
    // The parser's message would quote the file, which may hold personal data.
    throw new CliError('USAGE', { option, wanted: 'a file with one JSON object' });
  }
}
