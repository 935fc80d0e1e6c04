import { randomBytes } from 'node:crypto';

import { type Command } from 'commander';

import {
  ATTESTATION_ANSWERS,
  OFFICER_REFUSALS,
  PREVIEW_DECISIONS,
  WITHDRAWAL_REASONS,
} from '../../domain/attestation-words.js';
import { optional, readInstant, readWord } from '../../domain/fields.js';
import { parseAttestationId } from '../../domain/ids.js';
import { type Bodies, type Preview } from '../../gateway/openapi/types.js';
import { readObject, readText } from '../rest-answers.js';
import { saltFile } from '../salt.js';
import { type Shell } from '../shell.js';
import { openHolderKey, signText } from './holder-key.js';
import { addStep, openSigner, readJsonFile, type StepOptions, writeStep } from './options.js';

interface AnswerOptions extends StepOptions {
  readonly asOf: string;
  readonly system: string;
  readonly validUntil: string;
  readonly evidence: string;
  readonly values?: string;
}
interface PreviewOptions extends StepOptions {
  readonly holderKey: string;
}

/** A body whose private part comes from the caller's file, which the gateway judges. */
type Open<Id extends 'answerAttestation' | 'refuseAttestation'> = Omit<Bodies[Id], 'payload'> & {
  readonly payload?: object;
};

/** Adds what the asked unit does: publish (its administrator), answer, refuse, preview, withdraw. */
export function addAnswering(group: Command, shell: Shell): void {
  addStep(group, 'publish <file>', 'publish an item of the own catalogue, or its next version').action(
    async (file: string, options: StepOptions) => {
      const body = readJsonFile(file, 'file');
      const call = { roles: ['admin'] as const, path: '/v1/catalogue', body, title: '事项已发布 item published' };
      await writeStep(shell, options, call);
    },
  );
  addAnswer(group, shell);
  addStep(group, 'refuse <id> <code>', `refuse, and say why: ${OFFICER_REFUSALS.join(', ')}`)
    .option('--reason <file>', 'JSON: text; the reason in words, for the two regions alone')
    .action(async (id: string, code: string, options: StepOptions & { readonly reason?: string }) => {
      const path = `/v1/attestations/${parseAttestationId(id)}/refuse`;
      const given = options.reason === undefined ? undefined : readJsonFile(options.reason, '--reason');
      const payload = given && { schema: 'attestation-reason/1', ...newSalt(), ...given };
      const body = {
        code: readWord(code, OFFICER_REFUSALS, 'code'),
        ...optional('payload', payload),
      } satisfies Open<'refuseAttestation'>;
      await writeStep(shell, options, { path, body, title: '已拒绝 refused' });
    });
  addStep(group, 'preview <id> <decision>', `the holder's word on the answer: ${PREVIEW_DECISIONS.join(', ')}`)
    .requiredOption('--holder-key <file>', 'the key that the request named')
    .action(async (id: string, word: string, options: PreviewOptions) => {
      const path = `/v1/attestations/${parseAttestationId(id)}/preview`;
      const decision = readWord(word, PREVIEW_DECISIONS, 'decision');
      const key = openHolderKey(options.holderKey, false);
      const signer = await openSigner(options);
      const { body } = await signer.call<Preview>({ method: 'GET', path });
      const signature = signText(key, readText(readObject<Preview['sign']>(body.sign, 'sign')[decision], 'sign'));
      const digest = readText(body.digest, 'digest');
      const decided = { decision, digest, signature } satisfies Bodies['previewAttestation'];
      const title =
        decision === 'released' ? '持证人已同意 released by the holder' : '持证人不同意 rejected by the holder';
      await writeStep(shell, options, { path, body: decided, title }, signer);
    });
  addStep(group, 'withdraw <id> <reason>', `take a wrong answer back: ${WITHDRAWAL_REASONS.join(', ')}`).action(
    async (id: string, reason: string, options: StepOptions) => {
      await writeStep(shell, options, {
        path: `/v1/attestations/${parseAttestationId(id)}/withdraw`,
        body: { reason: readWord(reason, WITHDRAWAL_REASONS, 'reason') } satisfies Bodies['withdrawAttestation'],
        title: '已撤回 withdrawn; decisions that relied on it are flagged',
      });
    },
  );
}

function addAnswer(group: Command, shell: Shell): void {
  addStep(group, 'answer <id> <word>', `answer: ${ATTESTATION_ANSWERS.join(', ')}`)
    .requiredOption('--as-of <time>', 'the moment that the answer is about, RFC 3339')
    .requiredOption('--system <name>', 'the system that was looked into, such as ZJ-LICENCE')
    .requiredOption('--valid-until <time>', 'until when it may be accepted and used, RFC 3339')
    .requiredOption('--evidence <file>', 'what was seen; only its salted digest is recorded')
    .option('--values <file>', 'JSON: values by field name, where a word is not enough; the holder sees them first')
    .action(async (id: string, word: string, options: AnswerOptions) => {
      const path = `/v1/attestations/${parseAttestationId(id)}/answer`;
      const values = options.values === undefined ? undefined : readJsonFile(options.values, '--values');
      const payload = values && { schema: 'attestation-answer/1', ...newSalt(), fields: values };
      const kept = await saltFile(options.evidence);
      const body = {
        answer: readWord(word, ATTESTATION_ANSWERS, 'word'),
        asOf: readInstant(options.asOf, '--as-of'),
        sourceSystem: options.system,
        validUntil: readInstant(options.validUntil, '--valid-until'),
        evidenceDigest: kept.digest,
        ...optional('payload', payload),
      } satisfies Open<'answerAttestation'>;
      await writeStep(shell, options, { path, body, title: '已答复 answered', kept });
    });
}

function newSalt(): { readonly salt: string } {
  return { salt: randomBytes(32).toString('hex') };
}
