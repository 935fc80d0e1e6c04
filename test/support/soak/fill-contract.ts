import { createHash } from 'node:crypto';

import { Contract, Info, Returns, Transaction } from 'fabric-contract-api';

import { deriveAttestationId } from '../../../chaincode/attestation/ids.js';
import { PrivateStore } from '../../../chaincode/attestation/private-store.js';
import { makeAttestation, requireItem } from '../../../chaincode/attestation/request-rules.js';
import { AttestationStore } from '../../../chaincode/attestation/store.js';
import { LedgerContext } from '../../../chaincode/ledger-context.js';
import { issue } from '../../../chaincode/license/act-rules.js';
import { deriveLicenseEntryId, policyOf, readType } from '../../../chaincode/license/authority.js';
import { LicenseStore } from '../../../chaincode/license/store.js';
import { type Actor } from '../../../domain/actor.js';
import { parseSubjectPayload } from '../../../domain/attestation-payload.js';
import { parseAttestationRequest } from '../../../domain/attestation-request.js';
import { canonicalJson } from '../../../domain/canonical-json.js';
import { licenseKeyOf } from '../../../domain/license-id.js';
import { parseIssueRequest, partsOf } from '../../../domain/license.js';
import { attestationRequest, FIELD_NAMES, ITEM, licenceOf, subjectPayload } from './licence-pair.js';

/** Who asks, in every pair: the certificate of `officer@beijing` as the chain knows it. */
const ASKER: Actor = {
  ...{ mspId: 'BeijingMSP', unit: '11110108MB4Y00017H', name: 'officer', role: 'officer', region: '110108' },
};

/**
 * Fills a ledger for `scripts/soak licenses`, many licences and attestations a transaction. Each is made by the
 * contracts' own rules and written by their own stores, so that keys, values, policies and private data are those that
 * as many transactions of `license:issue` and `attestation:request` leave behind (test/unit/chaincode/soak-fill.test.ts
 * compares them); only the checks that read before they write are left out. Never part of the product.
 */
@Info({ title: 'fill', description: 'Fills a ledger for measurements.' })
export class FillContract extends Contract {
  constructor() {
    super('fill');
  }

  override createContext(): LedgerContext {
    return new LedgerContext();
  }

  /** Licences numbered from `from`, and an attestation about each. @returns how many. */
  @Transaction()
  @Returns('string')
  async pairs(ctx: LedgerContext, from: string, count: string): Promise<string> {
    const licenses = new LicenseStore(ctx.stub);
    const attestations = new AttestationStore(ctx.stub);
    const privately = new PrivateStore(ctx.stub);
    const policy = await policyOf(ctx.stub, ctx.actor.mspId);
    const [first, last] = [Number(from), Number(from) + Number(count)];
    const type = await readType(licenses, partsOf(licenceOf(first)));
    const published = await attestations.item(ITEM.mspId, ITEM.itemId);
    for (let n = first; n < last; n += 1) {
      const licenseId = licenceOf(n);
      const fields = Object.fromEntries(FIELD_NAMES.map((name) => [name, digestOf(`${name} ${n}`)]));
      const face = { validFrom: '2026-01-01', validTo: '2026-12-31', fields };
      const holder = { key: keyOf('holder', n) };
      const wanted = parseIssueRequest({ requestId: uuidOf(`issue ${n}`), licenseId, face, holder });
      const id = deriveLicenseEntryId('LA', ctx.actor, licenseKeyOf(partsOf(wanted.licenseId)), wanted.requestId);
      const { act, head } = issue(type, wanted, id, ctx.facts);
      await licenses.putAct(act, policy);
      await licenses.putHead(head, policy);
      const payload = parseSubjectPayload(subjectPayload(digestOf(`salt ${n}`)));
      const request = parseAttestationRequest(
        attestationRequest(licenseId, keyOf('matter', n), {
          requestId: uuidOf(`ask ${n}`),
          payloadDigest: digestOf(canonicalJson(payload)),
        }),
      );
      const item = requireItem(published, request, ASKER);
      const attestationId = deriveAttestationId(ASKER, request.requestId);
      const record = makeAttestation(item, request, attestationId, { ...ctx.facts, actor: ASKER });
      if (record.state !== 'REQUESTED') throw new Error('the item does not allow the question');
      await privately.put([ASKER.mspId, item.mspId], attestationId, 'subject', payload);
      await attestations.putRecord(record);
      await attestations.putConcern(record);
    }
    return String(last - first);
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function uuidOf(text: string): string {
  const hex = digestOf(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Of the form of a P-256 key; nobody has the other half. */
function keyOf(what: string, n: number): string {
  const point = Buffer.concat([Buffer.of(4), createHash('sha512').update(`${what} ${n}`).digest()]);
  return point.toString('base64url');
}
