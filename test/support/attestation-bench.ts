import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Attestation, previewText } from '../../domain/attestation-record.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { type PreviewDecision } from '../../domain/attestation-words.js';
import { type Caller, ContractBench, digestOf, NOTARY, OFFICER, requestId } from './contract-bench.js';

/** Asks, in Beijing. */
export const ASKER: Caller = OFFICER;
/** Answers, in Zhejiang; its unit is the notary's, whose code is well-formed. */
export const ANSWERER: Caller = { ...NOTARY, name: 'officer-2', role: 'officer' };
/** Publishes Zhejiang's catalogue. */
export const PUBLISHER: Caller = { ...NOTARY, name: 'admin-2', role: 'admin' };
/** An officer of a third organisation. */
export const STRANGER: Caller = {
  mspId: 'GuangdongMSP',
  name: 'officer-3',
  role: 'officer',
  unit: '11500000009276001Y',
};

export const MATTER = '000123456789';
export const OTHER_MATTER = '000123456780';
export const ITEM_ID = 'ZJ-LICENCE-STATUS';

/** A holder's key for one matter. */
export interface HolderKeyPair {
  readonly privateKey: KeyObject;
  /** As requests name it. */
  readonly publicPoint: string;
}

/** A new P-256 key. */
export function holderKeyPair(): HolderKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { privateKey, publicPoint: spki.subarray(-65).toString('base64url') };
}

export const HOLDER = holderKeyPair();

/** An item that allows everything that the tests ask for. */
export function item(n: number, more: object = {}): object {
  return {
    requestId: requestId(n),
    itemId: ITEM_ID,
    unit: ANSWERER.unit,
    shareability: 'conditional',
    legalBasis: 'SC716-11',
    fields: ['licenceNumber', 'validUntil'],
    matters: [MATTER],
    bases: ['consent', 'statutory-duty'],
    answerDays: 5,
    escalateDays: 2,
    ...more,
  };
}

/** Whom a request is about; nobody who exists. */
export const SUBJECT = {
  schema: 'attestation-subject/1',
  salt: 'ab'.repeat(32),
  numberType: '111',
  number: '11010519491231002X',
  name: '张三',
  purpose: '办理食品经营许可，联系电话 13800138000',
  claims: { licenceNumber: 'JY13301060012345' },
} as const;
/** Values that an answer tells. */
export const TOLD = {
  schema: 'attestation-answer/1',
  salt: 'cd'.repeat(32),
  fields: { validUntil: '2029-12-31', licenceNumber: 'JY13301060012345' },
} as const;
export const REASON = { schema: 'attestation-reason/1', salt: 'ef'.repeat(32), text: '张三 一名有两份档案' } as const;

/** SHA-256 of a payload's canonical JSON. */
export function payloadDigest(payload: object): string {
  return createHash('sha256').update(canonicalJson(payload)).digest('hex');
}

/** A request with the holder's consent. */
export function asking(n: number, more: object = {}): object {
  return {
    requestId: requestId(n),
    item: { mspId: 'ZhejiangMSP', itemId: ITEM_ID },
    matter: MATTER,
    purpose: 'licensing',
    legalBasis: 'SC716-10',
    basis: 'consent',
    holderKey: HOLDER.publicPoint,
    fields: ['validUntil', 'licenceNumber'],
    payloadDigest: payloadDigest(SUBJECT),
    commitment: true,
    ...more,
  };
}

/** As {@link asking}, under a duty of the asking unit. */
export function askingByDuty(n: number, more: object = {}): object {
  const { holderKey: _, ...request } = asking(n) as { holderKey: string };
  return { ...request, basis: 'statutory-duty', ...more };
}

/** An answer without values. */
export function answering(n: number, attestationId: string, more: object = {}): object {
  return {
    requestId: requestId(n),
    attestationId,
    answer: 'VALID',
    asOf: '2026-03-01T08:00:00Z',
    sourceSystem: 'ZJ-LICENCE',
    validUntil: '2026-03-31T00:00:00Z',
    evidenceDigest: digestOf('what the officer saw'),
    ...more,
  };
}

/** The holder's decision, signed. */
export function deciding(
  n: number,
  { id, answer }: Attestation,
  decision: PreviewDecision = 'released',
  key: KeyObject = HOLDER.privateKey,
): object {
  const digest = answer?.digest;
  const text = canonicalJson(previewText({ attestationId: id, decision, digest: digest as never }));
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { requestId: requestId(n), attestationId: id, decision, digest, signature };
}

/** A bench with a consortium and Zhejiang's item. */
export async function openAttestations(): Promise<ContractBench> {
  const bench = await ContractBench.open();
  await bench.call(PUBLISHER, 'catalogue:publish', item(900));
  return bench;
}

/** A request that waits for its answer. */
export async function asked(bench: ContractBench, n: number, request = asking(n)): Promise<Attestation> {
  const { payload } = await bench.callWith(SUBJECT, ASKER, 'attestation:request', request);
  return JSON.parse(payload) as Attestation;
}

/** The states that a story can be brought to. */
export type Chapter = 'REQUESTED' | 'ATTESTED' | 'RELEASED' | 'ACCEPTED' | 'USED' | 'CLOSED';
const CHAPTERS: readonly Chapter[] = ['REQUESTED', 'ATTESTED', 'RELEASED', 'ACCEPTED', 'USED', 'CLOSED'];

/** Tells the good story up to a chapter. Request ids are `n` to `n + 5`. */
export async function tellTo(chapter: Chapter, bench: ContractBench, n = 1): Promise<Attestation> {
  let record = await asked(bench, n);
  const ask = async (caller: Caller, name: string, request: object) => {
    record = await bench.ask<Attestation>(caller, `attestation:${name}`, request);
  };
  const attestationId = record.id;
  const chapters: readonly (() => Promise<void>)[] = [
    () => ask(ANSWERER, 'answer', answering(n + 1, attestationId)),
    () => ask(ANSWERER, 'preview', deciding(n + 2, record)),
    () => ask(ASKER, 'accept', accepting(n + 3, record)),
    () => ask(ASKER, 'use', using(n + 4, attestationId)),
    () => ask(ASKER, 'close', { requestId: requestId(n + 5), attestationId, outcome: 'granted' }),
  ];
  for (const tell of chapters.slice(0, CHAPTERS.indexOf(chapter))) await tell();
  return record;
}

export function accepting(n: number, { id, answer }: Attestation): object {
  return { requestId: requestId(n), attestationId: id, digest: answer?.digest };
}

export function using(n: number, attestationId: string, matter = MATTER): object {
  return { requestId: requestId(n), attestationId, matter, decisionReference: digestOf('decision 7') };
}
