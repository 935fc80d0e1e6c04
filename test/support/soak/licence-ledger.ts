import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse as parseYaml } from 'yaml';

import { canonicalJson } from '../../../domain/canonical-json.js';
import { packageRoot } from '../../../network/manager/package-root.js';
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
} from '../license-requests.js';
import { type PeerConnection, textOf } from '../network/peer-connection.js';
import { TestNetwork } from '../network/test-network.js';

type Contract = ReturnType<PeerConnection['contract']>;

/** A licence with a past: grants that were used, and a question of another region. */
export interface KnownLicence {
  readonly id: string;
  readonly holder: TestHolder;
  /** The key for the matter of its attestation. */
  readonly matterHolder: TestHolder;
}

/** Two regions, so that half as many peers commit what fills the ledger; a question is answered by one peer anyway. */
const REGIONS = ['GuangdongMSP', 'BeijingMSP'];
const ITEM = { mspId: 'GuangdongMSP', itemId: 'GD-LICENCE-STATUS' };
const SERIAL_FROM = 4_000_000_000;
const GRANTS = 3;

/**
 * A network of its own with as many licences as attestations, one about each licence, every one of them issued and
 * asked for by a transaction of its own.
 */
export class LicenceLedger implements AsyncDisposable {
  readonly #network: TestNetwork;
  readonly known: KnownLicence[] = [];
  /** Ids of some of the attestations. */
  readonly attestations: string[] = [];
  /** Licences, and as many attestations. */
  count = 0;

  private constructor(network: TestNetwork) {
    this.#network = network;
  }

  static async start(): Promise<LicenceLedger> {
    const ledger = new LicenceLedger(await TestNetwork.start({ topology: twoRegions() }));
    const admin = ledger.contractAs('admin@guangdong');
    await admin.submitTransaction('consortium:configure', JSON.stringify({ members: REGIONS }));
    const type = typeRequest({ authorities: [{ ...UNITS.guangdong }] });
    await ledger.contractAs('issuer@guangdong').submitTransaction('license:defineType', JSON.stringify(type));
    await admin.submitTransaction('catalogue:publish', JSON.stringify(item()));
    return ledger;
  }

  contractAs(user: string): Contract {
    return this.#network.connectAs(user).contract('yinzheng');
  }

  /** Any licence that is there. */
  anyLicence(): string {
    return licenseId(String(SERIAL_FROM + Math.floor(Math.random() * this.count)));
  }

  /**
   * Adds licences and attestations until there are so many of each, or time is up.
   * @param knownCount licences with a past, spread evenly. @returns whether all are there
   */
  async fill(
    total: number,
    { inFlight, knownCount, untilMs }: { inFlight: number; knownCount: number; untilMs: number },
  ): Promise<boolean> {
    const [issuer, officer] = [this.contractAs('issuer@guangdong'), this.contractAs('officer@beijing')];
    const every = Math.max(1, Math.floor(total / knownCount));
    let next = this.count;
    const worker = async () => {
      for (let n = next++; n < total && Date.now() < untilMs; n = next++) {
        const [holder, matterHolder] = [makeHolder(), makeHolder()];
        const id = await issue(issuer, n, holder);
        const attestation = await askAbout(officer, id, matterHolder.key);
        if (n % every === 0) {
          await this.#use(officer, id, holder);
          this.known.push({ id, holder, matterHolder });
          this.attestations.push(attestation);
        }
        this.count += 1;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    return this.count >= total;
  }

  /** Ends and starts the network, so that what filled it is not in memory any more. */
  async restart(): Promise<void> {
    await this.#network.down();
    await this.#network.up();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#network.close();
  }

  async #use(officer: Contract, id: string, holder: TestHolder): Promise<void> {
    for (let n = 0; n < GRANTS; n += 1) {
      const signed = signAs(holder, grantStatement(id));
      const granted = textOf(await officer.submitTransaction('holder:grant', JSON.stringify(signed)));
      const { id: grantId } = JSON.parse(granted) as { id: string };
      const use = { requestId: randomUUID(), licenseId: id, grantId, matterCode: MATTER };
      await officer.submitTransaction('holder:use', JSON.stringify(use));
    }
  }
}

async function issue(issuer: Contract, n: number, { key }: TestHolder): Promise<string> {
  const id = licenseId(String(SERIAL_FROM + n));
  const request = { requestId: randomUUID(), licenseId: id, face: face(saltValues().digests), holder: { key } };
  await issuer.submitTransaction('license:issue', JSON.stringify(request));
  return id;
}

/** With the private payload in both regions' collections, as every request has it. */
async function askAbout(officer: Contract, licence: string, holderKey: string): Promise<string> {
  const payload = canonicalJson({
    ...{ schema: 'attestation-subject/1', salt: randomBytes(32).toString('hex'), numberType: '001' },
    ...{ number: UNITS.beijing.unit, purpose: '办理跨省迁移登记' },
  });
  const request = {
    ...{ requestId: randomUUID(), item: ITEM, matter: MATTER, purpose: 'licensing', legalBasis: 'SC716-10' },
    ...{ basis: 'consent', holderKey, fields: ['validUntil'], licence, commitment: true },
    payloadDigest: createHash('sha256').update(payload).digest('hex'),
  };
  const answer = await officer.submit('attestation:request', {
    arguments: [JSON.stringify(request)],
    transientData: { payload },
    endorsingOrganizations: REGIONS,
  });
  return (JSON.parse(textOf(answer)) as { id: string }).id;
}

function item(): object {
  return {
    ...{ requestId: randomUUID(), itemId: ITEM.itemId, unit: UNITS.guangdong.unit, shareability: 'conditional' },
    ...{ legalBasis: 'SC716-11', fields: ['validUntil'], matters: [MATTER], bases: ['consent'], licence: true },
    ...{ answerDays: 5, escalateDays: 2 },
  };
}

/** The default consortium without two of its regions. */
function twoRegions(): string {
  const text = readFileSync(join(packageRoot(), 'cli', 'consortium.yaml'), 'utf8');
  const topology = parseYaml(text) as { organisations: { mspId: string }[]; chaincodes: { endorsement: string }[] };
  const [chaincode] = topology.chaincodes;
  if (chaincode === undefined) throw new Error('the default consortium has no chaincode');
  chaincode.endorsement = `OutOf(2,${REGIONS.map((mspId) => `'${mspId}.peer'`).join(',')})`;
  const organisations = topology.organisations.filter(({ mspId }) => REGIONS.includes(mspId));
  return JSON.stringify({ ...topology, organisations });
}
