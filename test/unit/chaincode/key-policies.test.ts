import { common, msp } from '@hyperledger/fabric-protos';
import { type Transfer } from '../../../domain/custody.js';
import { type Evidence } from '../../../domain/evidence.js';
import { eachOf, majorityOf, ownerAndOneMore } from '../../../chaincode/endorsement-policy.js';
import {
  type Caller,
  CLERK,
  ContractBench,
  COURT,
  MEMBERS,
  NOTARY,
  registration,
  requestId,
} from '../../support/contract-bench.js';

/** Whether peers of these organisations satisfy a serialized policy; a plain reading of the message, for four members. */
function isMet(bytes: Uint8Array, signers: readonly string[]): boolean {
  const policy = common.SignaturePolicyEnvelope.deserializeBinary(bytes);
  const mspIds = policy.getIdentitiesList().map((identity) => {
    expect(identity.getPrincipalClassification()).toBe(msp.MSPPrincipal.Classification.ROLE);
    const role = msp.MSPRole.deserializeBinary(identity.getPrincipal_asU8());
    expect(role.getRole()).toBe(msp.MSPRole.MSPRoleType.PEER);
    return role.getMspIdentifier();
  });
  const met = (rule: common.SignaturePolicy): boolean => {
    const nOutOf = rule.getNOutOf();
    if (nOutOf === undefined) return signers.includes(mspIds[rule.getSignedBy()] ?? '');
    return nOutOf.getRulesList().filter(met).length >= nOutOf.getN();
  };
  return met(policy.getRule() as common.SignaturePolicy);
}

/** Every set of members that satisfies the policy, smallest sets only, as initials. */
function minimalSets(bytes: Uint8Array): string[] {
  const sets = Array.from({ length: 16 }, (_, bits) => MEMBERS.filter((_member, index) => (bits >> index) & 1));
  const meeting = sets.filter((set) => isMet(bytes, set));
  const minimal = meeting.filter(
    (set) => !meeting.some((less) => less.length < set.length && less.every((m) => set.includes(m))),
  );
  return minimal.map((set) => set.map((member) => member[0]).join('')).sort();
}

const unitOf = ({ mspId, unit }: Caller) => ({ mspId, unit });

function policiesOf(bench: ContractBench): Record<string, string[]> {
  const entries = [...bench.ledger.policies].map(([key, policy]): [string, string[]] => [
    key
      .split('\u0000')
      .filter((part) => /^[a-z]+$/.test(part))
      .join(' '),
    minimalSets(policy),
  ]);
  return Object.fromEntries(entries);
}

describe('key-level policies', () => {
  test('the owner and one more: no set without the owner, no owner alone', () => {
    expect(minimalSets(ownerAndOneMore('ChongqingMSP', MEMBERS))).toEqual(['BC', 'CG', 'CZ']);
    expect(minimalSets(eachOf(['BeijingMSP', 'ZhejiangMSP']))).toEqual(['BZ']);
    expect(minimalSets(majorityOf(MEMBERS))).toEqual(['BCG', 'BCZ', 'BGZ', 'CGZ']);
    expect(minimalSets(majorityOf(MEMBERS.slice(0, 3)))).toEqual(['BC', 'BG', 'CG']);
  });

  test('a policy is the same bytes on every peer', () => {
    expect(Buffer.from(ownerAndOneMore('ZhejiangMSP', MEMBERS)).toString('hex')).toBe(
      Buffer.from(ownerAndOneMore('ZhejiangMSP', [...MEMBERS])).toString('hex'),
    );
  });

  test('every key that could change carries the policy of its owner from the first block', async () => {
    const bench = await ContractBench.open();
    await bench.call(CLERK, 'evidence:register', registration(1));
    await bench.call(CLERK, 'proof:beat');
    const stream = { id: requestId(9), first: 1 };
    const batch = { ...registration(2), digests: undefined, leaves: ['00'.repeat(32)], stream };
    await bench.call(CLERK, 'batch:register', batch);
    const owned = ['BC', 'CG', 'CZ'];
    expect(policiesOf(bench)).toEqual({
      'consortium members': ['BCG', 'BCZ', 'BGZ', 'CGZ'],
      heartbeat: ['BC', 'BG', 'BZ', 'CG', 'CZ', 'GZ'],
      batch: owned,
      stream: owned,
      evidence: owned,
      supersession: owned,
      custody: owned,
    });
  });

  test('a waiting hand-over needs both organisations, an accepted one the new holder and one more', async () => {
    const bench = await ContractBench.open();
    const { id: evidenceId } = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    const offer = { requestId: requestId(2), evidenceId, to: unitOf(NOTARY), purpose: 'notarisation' };
    const { id: transferId } = await bench.ask<Transfer>(CLERK, 'evidence:handOver', offer);
    expect(policiesOf(bench)).toMatchObject({
      custody: ['CZ'],
      'entry transfer': ['CZ'],
      evidence: ['BC', 'CG', 'CZ'],
    });
    const answer = { requestId: requestId(3), evidenceId, transferId, answer: 'accepted' };
    await bench.call(NOTARY, 'evidence:answerTransfer', answer);
    const held = ['BZ', 'CZ', 'GZ'];
    expect(policiesOf(bench)).toMatchObject({
      custody: held,
      'entry transfer': held,
      supersession: ['BC', 'CG', 'CZ'],
    });
  });

  test('a hand-over inside one organisation leaves custody with it and one more', async () => {
    const bench = await ContractBench.open();
    const { id: evidenceId } = await bench.ask<Evidence>(NOTARY, 'evidence:register', registration(1));
    const offer = { requestId: requestId(2), evidenceId, to: unitOf(COURT), purpose: 'court-hearing' };
    await bench.call(NOTARY, 'evidence:handOver', offer);
    expect(policiesOf(bench)).toMatchObject({ custody: ['BZ', 'CZ', 'GZ'] });
  });

  test('objections and accesses belong to the organisation that wrote them', async () => {
    const bench = await ContractBench.open();
    const { id: evidenceId } = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    await bench.call(NOTARY, 'evidence:object', { requestId: requestId(2), evidenceId, ground: 'source-disputed' });
    const access = { requestId: requestId(3), evidenceId, purpose: 'examination' };
    await bench.call(NOTARY, 'evidence:recordAccess', access);
    expect(policiesOf(bench)).toMatchObject({
      'entry objection': ['BZ', 'CZ', 'GZ'],
      'entry access': ['BZ', 'CZ', 'GZ'],
    });
  });
});
