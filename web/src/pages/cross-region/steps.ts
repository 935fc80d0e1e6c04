import { type ComponentType } from 'react';

import { type AttestationState } from '../../../../domain/attestation-words.js';
import { type Wording } from '../../../../domain/wording.js';
import { type Attestation } from '../../../../gateway/openapi/types.js';
import { type Salted } from '../../desk/salted.js';
import { isOwnUnit } from '../../desk/own-unit.js';
import { type Who } from '../../session/who.js';
import { AnswerDialog, RefuseDialog, WithdrawDialog } from './answering-dialogs.js';
import { AcceptDialog, CloseDialog, UseDialog } from './asking-dialogs.js';
import { ObjectDialog, PurgeDialog } from './either-dialogs.js';
import { PreviewDialog } from './preview-dialog.js';

/** What a step's dialog is given. */
export interface DialogProperties {
  readonly record: Attestation;
  readonly onClose: () => void;
  /** Told that it is recorded, and what is to be kept. */
  readonly onWritten: (salted: Salted | undefined) => void;
}

interface StepEntry {
  readonly name: Wording;
  /** What usually comes next. */
  readonly main: boolean;
  readonly Dialog: ComponentType<DialogProperties>;
}

/** Every step that a person takes, in the order of a case. */
export const STEPS = {
  answer: { name: { zh: '核验并答复', en: 'Check and answer' }, main: true, Dialog: AnswerDialog },
  refuse: { name: { zh: '拒绝', en: 'Refuse' }, main: false, Dialog: RefuseDialog },
  preview: { name: { zh: '持证人预览', en: "Holder's preview" }, main: true, Dialog: PreviewDialog },
  accept: { name: { zh: '会签', en: 'Countersign' }, main: true, Dialog: AcceptDialog },
  use: { name: { zh: '使用', en: 'Use' }, main: true, Dialog: UseDialog },
  close: { name: { zh: '办结', en: 'Close the case' }, main: true, Dialog: CloseDialog },
  withdraw: { name: { zh: '撤回', en: 'Withdraw' }, main: false, Dialog: WithdrawDialog },
  object: { name: { zh: '提出异议', en: 'Object' }, main: false, Dialog: ObjectDialog },
  purge: { name: { zh: '删除内容', en: 'Delete payloads' }, main: false, Dialog: PurgeDialog },
} as const satisfies Record<string, StepEntry>;

/** Name of a step. */
export type StepName = keyof typeof STEPS;

const ANSWERED: readonly AttestationState[] = ['ATTESTED', 'ACCEPTED', 'USED', 'CLOSED'];

/** Steps that make sense now for a post; whether one is taken the contract decides. Pure. */
export function stepsFor(record: Attestation, who: Who): readonly StepName[] {
  const officer = who.role === 'officer';
  const answering = resolvesObjections(record, who);
  const asking = officer && isOwnUnit(record.requester, who);
  const others = ['clerk', 'notary', 'officer'].includes(who.role) && !answering;
  const can = openSteps(record);
  const mine: readonly StepName[] = [
    ...(answering ? BY_ANSWERER : []),
    ...(asking ? BY_ASKER : []),
    ...(answering || asking ? (['purge'] as const) : []),
    ...(others ? (['object'] as const) : []),
  ];
  return (Object.keys(STEPS) as StepName[]).filter((name) => mine.includes(name) && can[name]);
}

/** Whether a post answers objections to it: an officer of the unit that answered. */
export function resolvesObjections({ item }: Attestation, who: Who): boolean {
  return who.role === 'officer' && isOwnUnit(item, who);
}

const BY_ANSWERER: readonly StepName[] = ['answer', 'refuse', 'preview', 'withdraw'];
const BY_ASKER: readonly StepName[] = ['accept', 'use', 'close'];

function openSteps({ state, basis, preview, purge }: Attestation): Readonly<Record<StepName, boolean>> {
  const waitsForHolder = state === 'ATTESTED' && basis === 'consent' && preview === undefined;
  const asked = state === 'REQUESTED';
  const answered = ANSWERED.includes(state);
  return {
    answer: asked,
    refuse: asked,
    preview: waitsForHolder,
    accept: state === 'ATTESTED' && !waitsForHolder,
    use: state === 'ACCEPTED',
    close: state === 'USED',
    withdraw: answered,
    object: answered,
    purge: purge === undefined && !asked && state !== 'DISPUTED',
  };
}
