import './silent-shim.js'; // Before everything that loads fabric-shim.
import { createHash } from 'node:crypto';
import { JSONSerializer } from 'fabric-contract-api';
import { type Role } from '../../domain/actor.js';
import { DomainError, findDomainError } from '../../domain/errors.js';
import { type Clock } from '../../chaincode/clock-guard.js';
import { contracts } from '../../chaincode/index.js';
import { Dispatcher } from '../../chaincode/dispatcher.js';
import { MemoryLedger, MemoryStub } from './memory-stub.js';
import { certificateOf } from './test-certificates.js';

/** 2026-03-01T08:30:00Z: what the peer's clock shows in every test. */
export const NOW_MS = Date.UTC(2026, 2, 1, 8, 30);

/** Whose certificate signs; the unit is a unified social credit code unless a test says otherwise. */
export interface Caller {
  readonly mspId: string;
  readonly name: string;
  readonly role?: Role;
  readonly unit: string;
  /** GB/T 2260; 500100 unless a test says otherwise. */
  readonly region?: string;
}

export const MEMBERS = ['BeijingMSP', 'ChongqingMSP', 'GuangdongMSP', 'ZhejiangMSP'];
export const CLERK: Caller = { mspId: 'ChongqingMSP', name: 'clerk-7', role: 'clerk', unit: '11500000009276001Y' };
export const NOTARY: Caller = { mspId: 'ZhejiangMSP', name: 'notary-3', role: 'notary', unit: '123302004195000031' };
export const OFFICER: Caller = { mspId: 'BeijingMSP', name: 'officer-1', role: 'officer', unit: '11110108000058401R' };
export const COURT: Caller = { mspId: 'ZhejiangMSP', name: 'clerk-2', role: 'clerk', unit: '11330100MB18020000' };
export const AUDITOR: Caller = { mspId: 'BeijingMSP', name: 'auditor-1', role: 'auditor', unit: '11110108000058401R' };
export const ADMIN: Caller = { mspId: 'ChongqingMSP', name: 'admin-1', role: 'admin', unit: '11500000009276001Y' };
/** A certificate without any attribute, as a gateway's own reading identity has. */
export const READER: Caller = { mspId: 'ChongqingMSP', name: 'gateway', unit: '' };

/** What came of one invocation. */
export interface Outcome {
  readonly payload: string;
  readonly txId: string;
  readonly writes: number;
  readonly events: readonly { name: string; payload: string }[];
}

const certificates = new Map<string, Promise<string>>();

type Timed = new (clock?: Clock) => object;

/** A contract whose peer has this clock. */
function timed(contract: Timed, clock: Clock): new () => object {
  return class extends contract {
    constructor() {
      super(clock);
    }
  };
}

/**
 * The contracts behind contract-api's real dispatcher, over a ledger in memory; every call that succeeds commits.
 * Requests name no clock and no id but their own, so a test reads as a story.
 */
export class ContractBench {
  readonly ledger = new MemoryLedger();
  /** What the peers' clock shows, and clients claim unless told otherwise. */
  nowMs = NOW_MS;
  /** What comes with the next proposal outside its arguments. */
  transient: Readonly<Record<string, string>> = {};
  readonly #chaincode = new Dispatcher(
    contracts.map((contract) => timed(contract, () => this.nowMs)),
    { transaction: 'json', serializers: { json: JSONSerializer } },
    {},
    'yinzheng',
    '1',
  );
  #count = 0;

  /** A bench whose consortium is configured. */
  static async open(): Promise<ContractBench> {
    const bench = new ContractBench();
    await bench.call(ADMIN, 'consortium:configure', { members: MEMBERS });
    return bench;
  }

  /** @param args strings as they are, objects as JSON. @throws DomainError, or Error for a refusal without our code */
  async call(caller: Caller, transaction: string, ...args: readonly (string | object)[]): Promise<Outcome> {
    return this.callAt(this.nowMs, caller, transaction, ...args);
  }

  /** As {@link call}, with an object as the transient data `payload`. */
  async callWith(
    payload: object | undefined,
    caller: Caller,
    transaction: string,
    ...args: readonly (string | object)[]
  ): Promise<Outcome> {
    this.transient = payload === undefined ? {} : { payload: JSON.stringify(payload) };
    try {
      return await this.call(caller, transaction, ...args);
    } finally {
      this.transient = {};
    }
  }

  /** As {@link call}, with the time that the client claims. */
  async callAt(
    claimedMs: number,
    caller: Caller,
    transaction: string,
    ...args: readonly (string | object)[]
  ): Promise<Outcome> {
    this.#count += 1;
    const txId = createHash('sha256').update(`tx ${this.#count}`).digest('hex');
    const texts = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)));
    const certificate = await certificateFor(caller);
    const invocation = { txId, claimedMs, mspId: caller.mspId, certificate, args: [transaction, ...texts] };
    const stub = new MemoryStub(this.ledger, { ...invocation, transient: this.transient });
    const { status, message, payload } = await this.#chaincode.Invoke(stub);
    if (status !== 200) throw findDomainError(message ?? '') ?? new Error(message);
    stub.commit();
    const payloadText = Buffer.from(payload ?? []).toString();
    return { payload: payloadText, txId, writes: stub.writes.size, events: stub.events };
  }

  /** The parsed answer of a call. */
  async ask<Answer>(caller: Caller, transaction: string, ...args: readonly (string | object)[]): Promise<Answer> {
    return JSON.parse((await this.call(caller, transaction, ...args)).payload) as Answer;
  }

  /** The code that a call is refused with. @throws {Error} where it succeeds or fails without a code */
  async refusal(caller: Caller, transaction: string, ...args: readonly (string | object)[]): Promise<string> {
    try {
      await this.call(caller, transaction, ...args);
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
    throw new Error(`${transaction} was not refused`);
  }
}

function certificateFor({ name, role, unit, region = '500100' }: Caller): Promise<string> {
  const key = JSON.stringify([name, role, unit, region]);
  const known = certificates.get(key);
  if (known !== undefined) return known;
  const attributes = role === undefined ? {} : { 'yz.role': role, 'yz.unit': unit, 'yz.region': region };
  const made = certificateOf(name, attributes);
  certificates.set(key, made);
  return made;
}

/** The n-th request id of a test. */
export function requestId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** A digest of a small text, lower-case hex. */
export function digestOf(text: string, algorithm: 'sha256' | 'sha512' | 'sm3' = 'sha256'): string {
  return createHash(algorithm).update(text).digest('hex');
}

/** The smallest request to register; `n` sets the request id and the file. */
export function registration(n: number, more: object = {}): object {
  return {
    requestId: requestId(n),
    digests: { 'sha-256': digestOf(`file ${n}`), sm3: digestOf(`file ${n}`, 'sm3') },
    kind: 'document',
    claimedAt: '2026-03-01T08:00:00Z',
    ...more,
  };
}
