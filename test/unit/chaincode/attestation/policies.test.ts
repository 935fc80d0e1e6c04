import { common, msp } from '@hyperledger/fabric-protos';

import { ASKER, openAttestations, tellTo } from '../../../support/attestation-bench.js';
import { CLERK, requestId } from '../../../support/contract-bench.js';

/** Organisations of a policy and how many of them it takes: a plain reading, for policies without nesting. */
function readPolicy(bytes: Uint8Array | undefined): { mspIds: string[]; wanted: number | undefined } {
  const policy = common.SignaturePolicyEnvelope.deserializeBinary(bytes ?? new Uint8Array());
  const mspIds = policy
    .getIdentitiesList()
    .map((identity) => msp.MSPRole.deserializeBinary(identity.getPrincipal_asU8()).getMspIdentifier());
  const rule = policy.getRule()?.getNOutOf();
  const flat = rule?.getRulesList().every((each) => each.getNOutOf() === undefined) === true;
  return { mspIds: mspIds.sort(), wanted: flat ? rule.getN() : undefined };
}

describe('key-level policies of an attestation', () => {
  test('both regions, and no other set, endorse a change of the record and of objections to it', async () => {
    const bench = await openAttestations();
    const { id: attestationId } = await tellTo('ACCEPTED', bench);
    await bench.call(CLERK, 'attestation-objection:file', {
      requestId: requestId(50),
      attestationId,
      ground: 'out-of-date',
    });
    const keys = [...bench.ledger.policies.keys()].filter((key) => key.includes(attestationId));
    expect(keys.map((key) => key.split('\u0000')[1])).toEqual([
      'attestation',
      'attestation-of-holder',
      'attestation-objection',
    ]);
    for (const key of keys) {
      expect(readPolicy(bench.ledger.policies.get(key))).toEqual({ mspIds: ['BeijingMSP', 'ZhejiangMSP'], wanted: 2 });
    }
  });

  test('a new request is written to the private data of both, whose endorsement Fabric asks for then', async () => {
    const bench = await openAttestations();
    await tellTo('REQUESTED', bench);
    const collections = [...bench.ledger.privateValues.keys()].map((place) => place.split(' ')[0]);
    expect(collections.sort()).toEqual(['_implicit_org_BeijingMSP', '_implicit_org_ZhejiangMSP']);
    expect(ASKER.mspId).toBe('BeijingMSP');
  });
});
