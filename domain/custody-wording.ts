import { type CustodyPurpose, type Transfer } from './custody.js';
import { type Wording } from './wording.js';

/** 移交目的, 调取目的. */
export const CUSTODY_PURPOSE_WORDING: Readonly<Record<CustodyPurpose, Wording>> = {
  'transfer-of-case': { zh: '案件移送', en: 'transfer of the case' },
  examination: { zh: '查验', en: 'examination' },
  notarisation: { zh: '公证', en: 'notarisation' },
  'court-hearing': { zh: '开庭审理', en: 'court hearing' },
  archiving: { zh: '归档', en: 'archiving' },
  return: { zh: '归还', en: 'return' },
};

/** How a hand-over stands. */
export const TRANSFER_WORDING: Readonly<Record<Transfer['state'], Wording>> = {
  pending: { zh: '待接收方签收', en: 'waiting for the receiver' },
  accepted: { zh: '已签收', en: 'accepted' },
  declined: { zh: '接收方未签收', en: 'declined by the receiver' },
  withdrawn: { zh: '移交方已撤回', en: 'taken back by the giver' },
};
