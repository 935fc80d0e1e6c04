import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { parseMspId } from '../../domain/actor.js';
import { type ReconciliationVerdict, RECONCILIATION_VERDICTS } from '../../domain/attestation-reconciliation.js';
import { parseRequestId } from '../../domain/ids.js';
import { readWord } from '../../domain/fields.js';
import {
  type Actor,
  type AttestationHistory,
  type AttestationItem,
  type ItemAnswer,
  type ItemPage,
  type Reconciliation,
} from '../../gateway/openapi/types.js';
import { EXIT } from '../exit-codes.js';
import { readList, readObject, textOf, type Unread } from '../rest-answers.js';
import { type Shell } from '../shell.js';
import { fields } from '../text.js';
import { addStep, openSigner, readJsonFile, type StepOptions } from './options.js';

const ANY_ROLE = ['clerk', 'notary', 'issuer', 'officer', 'auditor', 'admin'] as const;

const VERDICTS: Readonly<Record<ReconciliationVerdict, string>> = {
  WAITING: '等待双方申报 a side has not posted',
  AGREED: '双方一致 both books agree',
  DIFFERENT: '双方不一致 the books differ',
};

/** Adds what stands around single attestations: catalogue, history, counts, reconcile. */
export function addSurroundings(group: Command, shell: Shell): void {
  addCatalogue(group, shell);
  addStep(group, 'history <id>', 'every act on an attestation, for the two organisations and for auditors').action(
    async (id: string, options: StepOptions) => {
      const caller = await openSigner(options, ANY_ROLE);
      const path = `/v1/attestations/${encodeURIComponent(id)}/history`;
      const { body } = await caller.call<AttestationHistory>({ method: 'GET', path });
      const lines = readList<AttestationHistory['acts'][number]>(body.acts, 'acts').map(
        ({ kind, by, txTime, txId }) => {
          const { mspId, name } = readObject<Actor>(by, 'by');
          const rows = [['经办 by', `${textOf(mspId)} ${textOf(name)}`] as const, ['交易 tx', textOf(txId)] as const];
          return [`${textOf(txTime)}  ${textOf(kind)}`, fields(rows)].join('\n');
        },
      );
      shell.finish(options, { exit: EXIT.match, json: body, text: lines.join('\n') });
    },
  );
  addStep(
    group,
    'counts <msp> <month>',
    "both sides' counts of a month, 2026-03, compared; and what the chain counts",
  ).action(async (msp: string, month: string, options: StepOptions) => {
    const caller = await openSigner(options, ['officer', 'auditor', 'admin']);
    const { body } = await caller.call<Reconciliation>({ method: 'GET', path: pathOf(msp, month) });
    shell.finish(options, { exit: EXIT.match, json: body, text: readableCounts(body) });
  });
  addStep(group, 'reconcile <msp> <month>', "state the own organisation's counts of a month")
    .option('--books <file>', 'JSON: asked, received, from the own books; without it what the chain counts')
    .action(async (msp: string, month: string, options: StepOptions & { readonly books?: string }) => {
      const requestId = options.request === undefined ? randomUUID() : parseRequestId(options.request);
      const books = options.books === undefined ? undefined : readJsonFile(options.books, '--books');
      const caller = await openSigner(options, ['officer', 'auditor']);
      const { body: seen } = await caller.call<Reconciliation>({ method: 'GET', path: pathOf(msp, month) });
      const { asked, received } = books ?? readObject(seen.counted, 'counted');
      const { body } = await caller.call({
        method: 'POST',
        path: '/v1/reconciliations',
        idempotencyKey: requestId,
        body: { counterparty: msp, period: month, asked, received },
      });
      const { body: after } = await caller.call<Reconciliation>({ method: 'GET', path: pathOf(msp, month) });
      const text = ['对账申报已登记 counts stated', readableCounts(after)].join('\n');
      shell.finish(options, { exit: EXIT.match, json: { ...body, compared: after, as: caller.user.name }, text });
    });
}

function addCatalogue(group: Command, shell: Shell): void {
  addStep(group, 'catalogue <msp> [item]', 'what an organisation attests, or one item of it').action(
    async (msp: string, item: string | undefined, options: StepOptions) => {
      const caller = await openSigner(options, ANY_ROLE);
      const path = `/v1/catalogue/${parseMspId(msp, 'msp')}`;
      if (item !== undefined) {
        const { body } = await caller.call<ItemAnswer>({ method: 'GET', path: `${path}/${encodeURIComponent(item)}` });
        shell.finish(options, {
          exit: EXIT.match,
          json: body,
          text: readableItem(readObject<AttestationItem>(body.item, 'item')),
        });
        return;
      }
      const items: Unread<AttestationItem>[] = [];
      for (let cursor = ''; ;) {
        const { body } = await caller.call<ItemPage>({
          method: 'GET',
          path: cursor === '' ? path : `${path}?cursor=${cursor}`,
        });
        items.push(...readList<AttestationItem>(body.items, 'items'));
        cursor = textOf(body.bookmark);
        if (cursor === '') break;
      }
      const text = items.length === 0 ? '没有事项 no item' : items.map(readableItem).join('\n');
      shell.finish(options, { exit: EXIT.match, json: { items }, text });
    },
  );
}

function pathOf(msp: string, month: string): string {
  return `/v1/reconciliations/${parseMspId(msp, 'msp')}/${encodeURIComponent(month)}`;
}

function readableItem(item: Unread<AttestationItem>): string {
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String).join(', ') : '');
  return [
    `${textOf(item.mspId)}:${textOf(item.itemId)}`,
    fields([
      ['责任单位 unit', textOf(item.unit)],
      ['共享属性 shared', `${textOf(item.shareability)} · ${textOf(item.legalBasis)}`],
      ['字段 fields', list(item.fields)],
      ['事项 matters', list(item.matters)],
      ['依据 bases', list(item.bases)],
      ['时限 days', `${textOf(item.answerDays)} + ${textOf(item.escalateDays)}`],
      ...(item.transferOut === true ? [['办理转出 transfer', '是 yes'] as const] : []),
    ]),
  ].join('\n');
}

function readableCounts(body: Unread<Reconciliation>): string {
  const counted = readObject(body.counted, 'counted');
  const line = (side: string) => {
    const counts = Object.entries(readObject(counted[side], side));
    return counts.map(([name, count]) => `${name} ${textOf(count)}`).join(', ');
  };
  const differences = readList<Reconciliation['differences'][number]>(body.differences, 'differences').map(
    ({ asker, count, askerSays, answererSays }) =>
      ['不一致 differs', `${textOf(asker)} ${textOf(count)}: ${textOf(askerSays)} / ${textOf(answererSays)}`] as const,
  );
  return fields([
    ['对方 with', `${textOf(body.counterparty)} ${textOf(body.period)}`],
    ['结论 verdict', VERDICTS[readWord(body.verdict, RECONCILIATION_VERDICTS, 'verdict')]],
    ['链上 asked', line('asked')],
    ['链上 received', line('received')],
    ...differences,
  ]);
}
