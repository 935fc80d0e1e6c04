import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { parse as parseYaml } from 'yaml';

import { canonicalJson } from '../../../domain/canonical-json.js';
import { packageRoot } from '../../../network/manager/package-root.js';
import {
  face,
  grantStatement,
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
import { attestationRequest, ITEM, licenceOf, subjectPayload } from './licence-pair.js';

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
const GRANTS = 3;
/** Licences, and attestations about them, that one filling transaction writes. */
const PAIRS = 50;
const ATTEMPTS_MAX = 10;
const TOO_LATE: number = status.DEADLINE_EXCEEDED;

/**
 * A network of its own with as many licences as attestations, one about each licence. Known ones are issued, asked about
 * and used by transactions of their own, as users do it; what lies between them is written by `FillContract`, whose
 * state is the same.
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
    return licenceOf(Math.floor(Math.random() * this.count));
  }

  /**
   * Adds licences and attestations until there are so many of each, or time is up.
   * @param knownCount licences with a past, spread evenly. @returns whether all are there
   */
  async fill(
    total: number,
    { inFlight, knownCount, untilMs }: { inFlight: number; knownCount: number; untilMs: number },
  ): Promise<boolean> {
    const every = Math.max(1, Math.floor(total / knownCount));
    let next = this.count;
    const worker = async () => {
      for (let from = next; from < total && Date.now() < untilMs; from = next) {
        // A known one, or what lies between it and the next.
        const until = from % every === 0 ? from + 1 : Math.min(total, from + PAIRS, from + every - (from % every));
        next = until;
        if (from % every === 0) await this.#addKnown(from);
        else if (!(await this.#addPairs(from, until - from))) return; // What lies behind a gap does not count.
        this.count += until - from;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    return this.count >= total;
  }

  /** The same pairs again are the same keys and values, so that a slow machine may be asked again. @returns whether they stand */
  async #addPairs(from: number, count: number): Promise<boolean> {
    const issuer = this.contractAs('issuer@guangdong');
    for (let attempt = 1; ; attempt += 1) {
      try {
        await issuer.submitTransaction('fill:pairs', String(from), String(count));
        return true;
      } catch (error) {
        const late = error instanceof GatewayError && error.code === TOO_LATE;
        if (!late) throw error;
        if (attempt >= ATTEMPTS_MAX) return false;
      }
    }
  }

  async #addKnown(n: number): Promise<void> {
    const [issuer, officer] = [this.contractAs('issuer@guangdong'), this.contractAs('officer@beijing')];
    const [holder, matterHolder] = [makeHolder(), makeHolder()];
    const id = await issue(issuer, n, holder);
    this.attestations.push(await askAbout(officer, id, matterHolder.key));
    await this.#use(officer, id, holder);
    this.known.push({ id, holder, matterHolder });
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
  const id = licenceOf(n);
  const request = { requestId: randomUUID(), licenseId: id, face: face(saltValues().digests), holder: { key } };
  await issuer.submitTransaction('license:issue', JSON.stringify(request));
  return id;
}

/** With the private payload in both regions' collections, as every request has it. */
async function askAbout(officer: Contract, licence: string, holderKey: string): Promise<string> {
  const payload = canonicalJson(subjectPayload(randomBytes(32).toString('hex')));
  const payloadDigest = createHash('sha256').update(payload).digest('hex');
  const request = attestationRequest(licence, holderKey, { requestId: randomUUID(), payloadDigest });
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

const TS_NODE = join(packageRoot(), 'node_modules', 'ts-node', 'dist', 'bin.js');

/** The default consortium without two of its regions, and with the contract that fills. */
function twoRegions(): string {
  const text = readFileSync(join(packageRoot(), 'cli', 'consortium.yaml'), 'utf8');
  const topology = parseYaml(text) as { organisations: { mspId: string }[]; chaincodes: object[] };
  const [chaincode] = topology.chaincodes;
  const command = ['node', '--no-deprecation', TS_NODE, join(packageRoot(), 'test/support/soak/filling-server.ts')];
  const endorsement = `OutOf(2,${REGIONS.map((mspId) => `'${mspId}.peer'`).join(',')})`;
  const organisations = topology.organisations.filter(({ mspId }) => REGIONS.includes(mspId));
  return JSON.stringify({ ...topology, organisations, chaincodes: [{ ...chaincode, endorsement, command }] });
}
