import { randomUUID } from 'node:crypto';

import { type LicenseStatusResult } from '../../domain/license-standing.js';
import { type Grant, type LicenseUse } from '../../domain/license-use.js';
import { type LicenseAct } from '../../domain/license.js';
import { type Caller, ContractBench, digestOf, READER } from './contract-bench.js';
import {
  face,
  grantStatement,
  licenseId,
  makeHolder,
  MATTER,
  saltValues,
  signAs,
  type TestHolder,
  typeRequest,
  UNITS,
} from './license-requests.js';

/** Guangdong's issuer, its superior, Chongqing's issuer, and the officer in Beijing whom holders show licences. */
export const ISSUER: Caller = { ...UNITS.guangdong, name: 'issuer-1', role: 'issuer', region: '440000' };
export const SUPERIOR: Caller = { ...UNITS.guangdongSuperior, name: 'issuer-9', role: 'issuer', region: '440000' };
export const ISSUER_2: Caller = { ...UNITS.chongqing, name: 'issuer-2', role: 'issuer', region: '500000' };
export const VERIFIER: Caller = { ...UNITS.beijing, name: 'officer-1', role: 'officer', region: '110108' };

/** A salted digest that stands for some document. */
export const DOCUMENT = digestOf('a document');

/** A licence that a test issued. */
export interface TestLicense {
  readonly id: string;
  readonly holder: TestHolder;
  readonly salted: ReturnType<typeof saltValues>['salted'];
  readonly digests: ReturnType<typeof saltValues>['digests'];
  readonly act: LicenseAct;
}

/** A contract bench with a catalogue, and the steps that stories about licences are made of. */
export class LicenseBench {
  readonly bench: ContractBench;
  #serial = 2026000000;

  private constructor(bench: ContractBench) {
    this.bench = bench;
  }

  static async open(type: object = {}): Promise<LicenseBench> {
    const bench = await ContractBench.open();
    await bench.call(ISSUER, 'license:defineType', typeRequest(type));
    return new LicenseBench(bench);
  }

  /** Issues a licence of Guangdong's. @param more members of the face. @param request of the request */
  async issue(more: object = {}, request: object = {}): Promise<TestLicense> {
    this.#serial += 1;
    const id = licenseId(String(this.#serial));
    const holder = makeHolder();
    const { salted, digests } = saltValues();
    const wanted = {
      ...{ requestId: randomUUID(), licenseId: id, face: face(digests, more), holder: { key: holder.key } },
      ...request,
    };
    const act = await this.bench.ask<LicenseAct>(ISSUER, 'license:issue', wanted);
    return { id, holder, salted, digests, act };
  }

  /** An operation of the issuer's, with a document. */
  operate(id: string, operation: string, more: object = {}, caller: Caller = ISSUER): Promise<LicenseAct> {
    return this.bench.ask<LicenseAct>(caller, 'license:operate', operationRequest(id, operation, more));
  }

  operateRefusal(id: string, operation: string, more: object = {}, caller: Caller = ISSUER): Promise<string> {
    return this.bench.refusal(caller, 'license:operate', operationRequest(id, operation, more));
  }

  status(id: string, asOf = ''): Promise<LicenseStatusResult> {
    return this.bench.ask<LicenseStatusResult>(READER, 'license:status', id, asOf);
  }

  async verdict(id: string, asOf = ''): Promise<string> {
    return (await this.status(id, asOf)).verdict;
  }

  /** A grant that the holder signs and the gateway's own identity passes on. */
  grant({ id, holder }: TestLicense, more: object = {}): Promise<Grant> {
    return this.bench.ask<Grant>(READER, 'holder:grant', signAs(holder, grantStatement(id, more)));
  }

  use(id: string, grantId: string, more: object = {}, caller: Caller = VERIFIER): Promise<LicenseUse> {
    return this.bench.ask<LicenseUse>(caller, 'holder:use', useRequest(id, grantId, more));
  }

  useRefusal(id: string, grantId: string, more: object = {}, caller: Caller = VERIFIER): Promise<string> {
    return this.bench.refusal(caller, 'holder:use', useRequest(id, grantId, more));
  }

  /** A presentation code that lives so long. */
  present({ id, holder }: TestLicense, grantId: string, livesMs = 60_000): object {
    const notAfter = new Date(this.bench.nowMs + livesMs).toISOString();
    return signAs(holder, { kind: 'license.present', licenseId: id, grantId, notAfter, nonce: randomUUID() });
  }
}

/** A use for {@link MATTER}. */
export function useRequest(id: string, grantId: string, more: object = {}): object {
  return { requestId: randomUUID(), licenseId: id, grantId, matterCode: MATTER, ...more };
}

function operationRequest(id: string, operation: string, more: object): object {
  return { requestId: randomUUID(), licenseId: id, operation, documentDigest: DOCUMENT, ...more };
}
