import {
  ANSWER_WORDING,
  ATTESTATION_GROUND_WORDING,
  REFUSAL_WORDING,
  STATE_WORDING,
  WITHDRAWAL_WORDING,
} from '../../../../domain/attestation-wording.js';
import { CUSTODY_PURPOSE_WORDING, TRANSFER_WORDING } from '../../../../domain/custody-wording.js';
import { DECISION_WORDING, GROUND_WORDING, KIND_WORDING } from '../../../../domain/evidence-words.js';
import { type Wording } from '../../../../domain/wording.js';
import { type ActDetails } from '../../../../gateway/openapi/types.js';

type Detail = NonNullable<ActDetails[keyof ActDetails]>;

interface Named {
  readonly name: Wording;
  readonly words?: Readonly<Record<string, Wording>>;
}

/** What a detail is called, and its words where they come from a closed list. */
const DETAILS: Readonly<Record<Exclude<keyof ActDetails, 'from' | 'to'>, Named>> = {
  evidenceKind: { name: { zh: '种类', en: 'kind' }, words: KIND_WORDING },
  ground: { name: { zh: '理由', en: 'ground' }, words: { ...ATTESTATION_GROUND_WORDING, ...GROUND_WORDING } },
  decision: { name: { zh: '裁定', en: 'decision' }, words: DECISION_WORDING },
  purpose: { name: { zh: '目的', en: 'purpose' }, words: CUSTODY_PURPOSE_WORDING },
  answer: { name: { zh: '答复', en: 'answer' }, words: TRANSFER_WORDING },
  code: { name: { zh: '结果', en: 'result' }, words: { ...REFUSAL_WORDING, ...ANSWER_WORDING, ...WITHDRAWAL_WORDING } },
  state: { name: { zh: '状态', en: 'state' }, words: STATE_WORDING },
  changed: { name: { zh: '原件有变动', en: 'medium changed' } },
  operation: { name: { zh: '操作', en: 'operation' } },
  status: { name: { zh: '状态', en: 'status' } },
  typeCode: { name: { zh: '类型', en: 'type' } },
  itemId: { name: { zh: '事项', en: 'item' } },
  matter: { name: { zh: '事项编码', en: 'matter' } },
  counterparty: { name: { zh: '对方', en: 'with' } },
  period: { name: { zh: '月份', en: 'month' } },
};

/** Between whom an act is: custody is handed over, an attestation asked for and answered. */
const CUSTODY_PARTIES: Readonly<Record<string, Wording>> = {
  from: { zh: '移出', en: 'from' },
  to: { zh: '移入', en: 'to' },
};
const ATTESTATION_PARTIES: Readonly<Record<string, Wording>> = {
  from: { zh: '申请', en: 'asked by' },
  to: { zh: '答复', en: 'to be answered by' },
};

const YES: Wording = { zh: '是', en: 'yes' };
const NO: Wording = { zh: '否', en: 'no' };

/** The details of an act in one line; names and words that this page does not know are shown as they are. */
export function detailText(details: ActDetails, say: (wording: Wording) => string): string {
  const parties = Object.hasOwn(details, 'itemId') ? ATTESTATION_PARTIES : CUSTODY_PARTIES;
  const parts = Object.entries<Detail>(details).map(([name, value]) => {
    const all: Readonly<Record<string, Named>> = DETAILS;
    const known = Object.hasOwn(all, name) ? all[name] : undefined;
    const wording = known?.name ?? (Object.hasOwn(parties, name) ? parties[name] : undefined);
    return `${wording === undefined ? name : say(wording)} ${valueText(value, known?.words, say)}`;
  });
  return parts.join(' · ');
}

function valueText(
  value: Detail,
  words: Readonly<Record<string, Wording>> | undefined,
  say: (wording: Wording) => string,
): string {
  if (typeof value === 'boolean') return say(value ? YES : NO);
  if (typeof value === 'object') return `${value.mspId} ${value.unit}`;
  const wording = words !== undefined && Object.hasOwn(words, value) ? words[value] : undefined;
  return wording === undefined ? value : say(wording);
}
