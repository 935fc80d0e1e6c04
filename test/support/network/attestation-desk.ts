import { createHash, randomUUID } from 'node:crypto';

import { type Attestation } from '../../../domain/attestation-record.js';
import { canonicalJson } from '../../../domain/canonical-json.js';
import { deciding, HOLDER, MATTER } from '../attestation-bench.js';
import { type RestReply, type RestSession } from './rest-session.js';
import { type TestNetwork } from './test-network.js';

const DAY_MS = 86_400_000;
export const ITEM_ID = 'ZJ-LICENCE-STATUS';
const ZHEJIANG_UNIT = '12330200MB2Y0003XF';

/** The two windows of a cross-region attestation on a running network, and short ways to act at each. */
export class AttestationDesk {
  readonly asker: RestSession;
  readonly answerer: RestSession;
  /** Every answer that a gateway gave. */
  readonly replies: RestReply[] = [];

  private constructor(asker: RestSession, answerer: RestSession) {
    this.asker = asker;
    this.answerer = answerer;
  }

  /** Publishes Zhejiang's item and sits down at both windows. */
  static async open(network: TestNetwork): Promise<AttestationDesk> {
    const admin = await network.restAs('admin@zhejiang');
    const { status, body } = await admin.post('/v1/catalogue', publicItem());
    // 200 where another part of the test published it before: the same request is one publication.
    if (status !== 201 && status !== 200) throw new Error(`the item was not published: ${JSON.stringify(body)}`);
    return new AttestationDesk(await network.restAs('officer@beijing'), await network.restAs('officer@zhejiang'));
  }

  async request(payload: object = subject(), more: object = {}): Promise<Attestation> {
    return this.#attestation(await this.asker.post('/v1/attestations', { ...publicRequest(), payload, ...more }));
  }

  async answer(id: string, more: object = {}): Promise<Attestation> {
    return this.step(this.answerer, id, 'answer', { ...publicAnswer(), ...more });
  }

  async release(record: Attestation): Promise<Attestation> {
    const { decision, digest, signature } = deciding(0, record) as Record<string, string>;
    return this.step(this.answerer, record.id, 'preview', { decision, digest, signature });
  }

  /** To the state that may be used, by both signatures. */
  async accepted(): Promise<Attestation> {
    const { id } = await this.request();
    const released = await this.release(await this.answer(id));
    return this.step(this.asker, id, 'accept', { digest: released.answer?.digest });
  }

  async step(window: RestSession, id: string, word: string, body: object): Promise<Attestation> {
    return this.#attestation(await window.post(`/v1/attestations/${id}/${word}`, body));
  }

  #attestation(reply: RestReply): Attestation {
    this.replies.push(reply);
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
    return reply.body.attestation as Attestation;
  }
}

/** Zhejiang's item, as its administrator publishes it. */
export function publicItem(): object {
  return {
    itemId: ITEM_ID,
    unit: ZHEJIANG_UNIT,
    shareability: 'conditional',
    legalBasis: 'SC716-11',
    fields: ['licenceNumber', 'validUntil'],
    matters: [MATTER],
    bases: ['consent', 'statutory-duty'],
    answerDays: 5,
    escalateDays: 2,
  };
}

/** A request without its private part. */
export function publicRequest(): object {
  return {
    item: { mspId: 'ZhejiangMSP', itemId: ITEM_ID },
    matter: MATTER,
    purpose: 'licensing',
    legalBasis: 'SC716-10',
    basis: 'consent',
    holderKey: HOLDER.publicPoint,
    fields: ['licenceNumber', 'validUntil'],
    commitment: true,
    requestId: randomUUID(),
  };
}

/** An answer without values. */
export function publicAnswer(): object {
  return {
    answer: 'VALID',
    asOf: new Date(Date.now() - DAY_MS).toISOString(),
    sourceSystem: 'ZJ-LICENCE',
    validUntil: new Date(Date.now() + 30 * DAY_MS).toISOString(),
    evidenceDigest: createHash('sha256').update(randomUUID()).digest('hex'),
    requestId: randomUUID(),
  };
}

/** Whom a request is about, with a salt of its own. */
export function subject(more: object = {}): object {
  return {
    schema: 'attestation-subject/1',
    salt: saltOf(randomUUID()),
    numberType: '111',
    number: '11010519491231002X',
    purpose: '办理食品经营许可',
    ...more,
  };
}

/** Values that are told. */
export function told(fields: Readonly<Record<string, string>>): object {
  return { schema: 'attestation-answer/1', salt: saltOf(canonicalJson(fields)), fields };
}

export function saltOf(text: string): string {
  return createHash('sha256').update(`salt ${text}`).digest('hex');
}
