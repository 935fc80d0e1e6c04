import { randomBytes } from 'node:crypto';

import { type Command } from 'commander';

import { ATTESTATION_PURPOSES, CLOSING_OUTCOMES } from '../../domain/attestation-words.js';
import { optional, readWord } from '../../domain/fields.js';
import { parseAttestationId } from '../../domain/ids.js';
import { type AnswerStep, type Attestation, type AttestationView, type Bodies } from '../../gateway/openapi/types.js';
import { CliError } from '../cli-error.js';
import { readObject, textOf } from '../rest-answers.js';
import { saltText } from '../salt.js';
import { type Shell } from '../shell.js';
import { openHolderKey, publicPointOf } from './holder-key.js';
import { addStep, collect, openSigner, readJsonFile, type StepOptions, writeStep } from './options.js';

interface RequestOptions extends StepOptions {
  readonly matter: string;
  readonly purpose: string;
  readonly legalBasis: string;
  readonly field: readonly string[];
  readonly subject: string;
  readonly holderKey?: string;
  readonly duty?: true;
  readonly licence?: string;
}

interface UseOptions extends StepOptions {
  readonly matter: string;
  readonly decision: string;
  readonly newLicence?: string;
}

/** Adds what the asking unit does: request, accept, use, close. */
export function addAsking(group: Command, shell: Shell): void {
  addRequest(group, shell);
  addStep(group, 'accept <id>', 'countersign the answer: from here on the attestation is complete').action(
    async (id: string, options: StepOptions) => {
      const path = `/v1/attestations/${parseAttestationId(id)}`;
      const signer = await openSigner(options);
      const { body } = await signer.call<AttestationView>({ method: 'GET', path });
      const answer = readObject<AnswerStep>(readObject<Attestation>(body.record, 'record').answer ?? {}, 'answer');
      // Without an answer the contract says which state stands in the way; any digest will do for that.
      const digest = textOf(answer.digest) || '0'.repeat(64);
      const call = {
        path: `${path}/accept`,
        body: { digest } satisfies Bodies['acceptAttestation'],
        title: '已会签 countersigned',
      };
      await writeStep(shell, options, call, signer);
    },
  );
  addStep(group, 'use <id>', 'use it, once, for the matter that was asked for')
    .requiredOption('--matter <code>', 'the matter that it is used for')
    .requiredOption('--decision <number>', 'file number of the decision; only its salted digest is recorded')
    .option('--new-licence <id>', '转入: the licence that takes over the one that was let go')
    .action(async (id: string, options: UseOptions) => {
      const kept = saltText(options.decision);
      const { matter, newLicence } = options;
      await writeStep(shell, options, {
        path: `/v1/attestations/${parseAttestationId(id)}/use`,
        body: {
          matter,
          decisionReference: kept.digest,
          ...optional('newLicence', newLicence),
        } satisfies Bodies['recordUse'],
        title: '已使用 used',
        kept,
      });
    });
  addStep(group, 'close <id> <outcome>', `the matter is finished: ${CLOSING_OUTCOMES.join(', ')}`).action(
    async (id: string, outcome: string, options: StepOptions) => {
      await writeStep(shell, options, {
        path: `/v1/attestations/${parseAttestationId(id)}/close`,
        body: { outcome: readWord(outcome, CLOSING_OUTCOMES, 'outcome') } satisfies Bodies['closeAttestation'],
        title: '已办结 closed',
      });
    },
  );
}

function addRequest(group: Command, shell: Shell): void {
  addStep(group, 'request <msp:item>', 'ask another region, such as ZhejiangMSP:ZJ-LICENCE-STATUS')
    .requiredOption('--matter <code>', 'the one matter that the answer is for, 12 or 31 characters')
    .requiredOption('--purpose <word>', ATTESTATION_PURPOSES.join(', '))
    .requiredOption('--legal-basis <provision>', 'such as SC716-10')
    .requiredOption('--field <name>', 'a field asked for, repeatable', collect, [])
    .requiredOption('--subject <file>', 'JSON: numberType, number, purpose, name?, claims?; stays with the two regions')
    .option('--holder-key <file>', "the holder's key for this matter; made where it is not there")
    .option('--duty', 'without consent, under a statutory duty')
    .option('--licence <id>', 'the licence of this chain that is asked about')
    .action(async (choice: string, options: RequestOptions) => {
      const payload = {
        schema: 'attestation-subject/1',
        salt: randomBytes(32).toString('hex'),
        ...readJsonFile(options.subject, '--subject'),
      };
      const { matter, purpose, legalBasis, field: fields, licence } = options;
      await writeStep(shell, options, {
        path: '/v1/attestations',
        body: {
          item: readChoice(choice),
          ...{ matter, purpose, legalBasis, fields, commitment: true, payload },
          ...readBasis(options),
          ...optional('licence', licence),
        },
        title: '核验已申请 attestation requested',
        kept: { salt: payload.salt },
      });
    });
}

function readChoice(text: string): { readonly mspId: string; readonly itemId: string } {
  const [mspId, itemId, ...rest] = text.split(':');
  if (mspId !== undefined && itemId !== undefined && rest.length === 0) return { mspId, itemId };
  throw new CliError('USAGE', { argument: 'msp:item', wanted: 'an MSP id, a colon and the number of an item' });
}

function readBasis({ holderKey, duty }: RequestOptions): object {
  if ((holderKey === undefined) === (duty === undefined)) {
    throw new CliError('USAGE', { wanted: 'either --holder-key or --duty' });
  }
  if (holderKey === undefined) return { basis: 'statutory-duty' };
  return { basis: 'consent', holderKey: publicPointOf(openHolderKey(holderKey, true)) };
}
