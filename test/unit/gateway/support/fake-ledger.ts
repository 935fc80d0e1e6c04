import { createHash } from 'node:crypto';

import { type Actor } from '../../../../domain/actor.js';
import { type DigestHex } from '../../../../domain/digests.js';
import { DomainError } from '../../../../domain/errors.js';
import { type EvidenceView } from '../../../../domain/evidence-view.js';
import { parseRegisterRequest } from '../../../../domain/evidence.js';
import { type EvidenceId, idFromDigest, type TxId } from '../../../../domain/ids.js';
import { type Call, type Ledger, type WriteCall, type Written } from '../../../../gateway/ledger/port.js';

/** The evidence contract's registering and reading, in memory; other calls answer what a test puts into `answers`. */
export class FakeLedger implements Ledger {
  readonly views = new Map<EvidenceId, EvidenceView>();
  readonly calls: Call[] = [];
  /** Thrown by every call while it is set. */
  failure: Error | undefined;
  /** Results by `contract:transaction`. */
  readonly answers = new Map<string, (call: Call) => object>();
  readonly #actorOf: (user: string) => Actor;

  constructor(actorOf: (user: string) => Actor) {
    this.#actorOf = actorOf;
  }

  evaluate(call: Call): Promise<string> {
    return this.#run(call, () => {
      const [first = '', digest = ''] = call.args;
      if (call.transaction === 'evidence:get') {
        const view = this.views.get(first as EvidenceId);
        return view === undefined ? { found: false, id: first } : { found: true, ...view };
      }
      const records = [...this.views.values()].filter(
        ({ record }) => record.digests[first as 'sha-256'] === (digest as DigestHex),
      );
      return { records };
    });
  }

  async submit(call: WriteCall): Promise<Written> {
    let fresh = true;
    const result = await this.#run(call, () => {
      const request = parseRegisterRequest(call.args[0]);
      const actor = this.#actorOf(call.user);
      const digest = hash(`${actor.mspId}${actor.name}${request.requestId}`);
      const id = idFromDigest('EV', digest);
      fresh = !this.views.has(id);
      const view = this.views.get(id) ?? viewOf({ ...request, id, submitter: actor, txId: digest as TxId });
      this.views.set(id, view);
      return view.record;
    });
    return { result, txId: call.writtenBy(result) ?? '', blockNumber: 7, fresh };
  }

  async #run(call: Call, usual: () => object): Promise<string> {
    this.calls.push(call);
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    return JSON.stringify(this.answers.get(call.transaction)?.(call) ?? usual());
  }
}

/** A record as the contract would store it, and nothing about it yet. */
export function viewOf(
  record: Omit<EvidenceView['record'], 'schema' | 'txTime'>,
  more: Partial<EvidenceView> = {},
): EvidenceView {
  const holder = { mspId: record.submitter.mspId, unit: record.submitter.unit };
  return {
    record: { schema: 'evidence/1', txTime: '2026-03-01T08:30:00.000Z', ...record },
    objections: [],
    custody: { schema: 'custody/1', evidenceId: record.id, holder, transferCount: 0 },
    transfers: [],
    accesses: [],
    ...more,
  };
}

/** What the gateway says where its peer does not answer. */
export function outage(): DomainError {
  return new DomainError('UNVERIFIABLE_NOW', { retryAfter: 2 });
}

/** SHA-256 in hex, for digests and transaction ids of tests. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
