import { type Command } from 'commander';

import { ATTESTATION_GROUNDS, ATTESTATION_STATES, PURGE_GROUNDS, RESOLUTIONS } from '../../domain/attestation-words.js';
import { readWord } from '../../domain/fields.js';
import { parseAttestationId, parseEntryId } from '../../domain/ids.js';
import {
  type Attestation,
  type AttestationLine,
  type AttestationList,
  type AttestationView,
  type Bodies,
  type PayloadReading,
  type Payloads,
  type Wording,
} from '../../gateway/openapi/types.js';
import { EXIT } from '../exit-codes.js';
import { readList, readObject, textOf, type Unread } from '../rest-answers.js';
import { saltFile } from '../salt.js';
import { type Shell } from '../shell.js';
import { fields } from '../text.js';
import { addStep, openSigner, stateRows, type StepOptions, writeStep } from './options.js';

interface ListOptions extends StepOptions {
  readonly state?: string;
  readonly overdue?: true;
}

/** Adds what either side does, and others: list, show, object, resolve, purge. */
export function addEither(group: Command, shell: Shell): void {
  addList(group, shell);
  addStep(group, 'show <id>', 'how an attestation stands, with the private payloads that the own unit may see').action(
    async (id: string, options: StepOptions) => {
      const path = `/v1/attestations/${parseAttestationId(id)}`;
      const signer = await openSigner(options);
      const { body } = await signer.call<AttestationView>({ method: 'GET', path });
      const { body: held } = await signer.call<Payloads>({ method: 'GET', path: `${path}/payloads` });
      const record = readObject<Attestation>(body.record, 'record');
      const wording = readObject<Wording>(body.wording, 'wording');
      const rows = readList<PayloadReading>(held.payloads, 'payloads').flatMap(payloadRows);
      const text = fields([
        ['编号 id', textOf(record.id)],
        ['状态 state', `${textOf(wording.zh)} ${textOf(wording.en)}`],
        ['时限 due', textOf(record.dueAt)],
        ...rows,
      ]);
      shell.finish(options, { exit: EXIT.match, json: { ...body, payloads: held.payloads }, text });
    },
  );
  addStep(group, 'object <id> <ground>', `object to an attestation: ${ATTESTATION_GROUNDS.join(', ')}`).action(
    async (id: string, ground: string, options: StepOptions) => {
      await writeStep(shell, options, {
        roles: ['clerk', 'notary', 'officer'],
        path: `/v1/attestations/${parseAttestationId(id)}/objections`,
        body: { ground: readWord(ground, ATTESTATION_GROUNDS, 'ground') } satisfies Bodies['objectToAttestation'],
        title: '异议已登记 objection filed',
      });
    },
  );
  addStep(group, 'resolve <id> <objection> <word>', `answer an objection: ${RESOLUTIONS.join(', ')}`)
    .requiredOption('--document <file>', 'the written answer; only its salted digest is recorded')
    .action(
      async (id: string, objection: string, word: string, options: StepOptions & { readonly document: string }) => {
        const objectionId = parseEntryId('AO', objection);
        const kept = await saltFile(options.document);
        await writeStep(shell, options, {
          path: `/v1/attestations/${parseAttestationId(id)}/objections/${objectionId}/resolution`,
          body: {
            resolution: readWord(word, RESOLUTIONS, 'word'),
            documentDigest: kept.digest,
          } satisfies Bodies['resolveObjection'],
          title: '异议已处理 objection resolved',
          kept,
        });
      },
    );
  addStep(group, 'purge <id> <ground>', `have the private payloads forgotten: ${PURGE_GROUNDS.join(', ')}`).action(
    async (id: string, ground: string, options: StepOptions) => {
      await writeStep(shell, options, {
        path: `/v1/attestations/${parseAttestationId(id)}/purge`,
        body: { ground: readWord(ground, PURGE_GROUNDS, 'ground') } satisfies Bodies['purgeAttestation'],
        title: '内容已删除 payloads deleted; their digests stay',
      });
    },
  );
}

function addList(group: Command, shell: Shell): void {
  addStep(group, 'list <side>', 'attestations that the own organisation asked for or received, nearest deadline first')
    .option('--state <state>', ATTESTATION_STATES.join(', '))
    .option('--overdue', 'only those whose answer is late')
    .action(async (side: string, options: ListOptions) => {
      const query = new URLSearchParams({
        side: readWord(side, ['asked', 'received'], 'side'),
        ...(options.state !== undefined && { state: readWord(options.state, ATTESTATION_STATES, '--state') }),
        ...(options.overdue && { overdue: 'true' }),
      });
      const signer = await openSigner(options, ['officer', 'auditor', 'admin']);
      const { body } = await signer.call<AttestationList>({
        method: 'GET',
        path: `/v1/attestations?${query.toString()}`,
      });
      const lines = readList<AttestationLine>(body.attestations, 'attestations').map(readable);
      const text = lines.length === 0 ? '没有 none' : lines.join('\n');
      shell.finish(options, { exit: EXIT.match, json: body, text });
    });
}

function readable(line: Unread<AttestationLine>): string {
  const late = line.escalated === true ? '逾期，升级督办 escalated' : line.overdue === true ? '逾期 overdue' : '';
  return [
    textOf(line.id),
    fields([
      ...stateRows(line),
      ...(late === '' ? [] : [['提示 note', late] as const]),
      ['双方 sides', `${textOf(line.asker)} → ${textOf(line.answerer)} · ${textOf(line.itemId)}`],
    ]),
  ].join('\n');
}

function payloadRows(reading: Unread<PayloadReading>): (readonly [string, string])[] {
  const wording = readObject<Wording>(reading.wording, 'wording');
  const shown = reading.payload === undefined ? '' : ` ${JSON.stringify(reading.payload)}`;
  return [[`保密 ${textOf(reading.part)}`, `${textOf(wording.zh)}${shown}`]];
}
