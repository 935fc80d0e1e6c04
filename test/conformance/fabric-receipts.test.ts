import { ONE_MACHINE_FABRIC_NOTICE } from '../../domain/wording.js';
import { decodeReceipt } from '../../proof/format/codec.js';
import { RECEIPT_MEDIA_TYPE } from '../../proof/format/receipt.js';
import { readTrustRoot } from '../../proof/trust/parse.js';
import { verifyReceipt } from '../../proof/verify/verify-receipt.js';
import { pollFor } from '../../network/manager/poll.js';
import { describeFabric } from '../support/network/describe-fabric.js';
import { expectFifthToBecomeMember } from '../support/network/fifth-member.js';
import { registration } from '../support/network/evidence-requests.js';
import { TestNetwork } from '../support/network/test-network.js';

const INDEXED_MS_MAX = 20_000;

/** What the same gateways and the same verifier make of a network whose blocks a quorum of BFT orderers signs. */
describeFabric("receipts of a network of Fabric's own programs", () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ engine: 'fabric', gateways: true });
  });
  afterAll(() => network.close());

  test('hold as those of the embedded network do; the order is proved by a quorum, validity by qscc', async () => {
    const clerk = await network.restAs('clerk@chongqing.example');
    const { body } = await clerk.post('/v1/evidence', registration());
    const { id } = body.record as { readonly id: string };
    const audit = await pollFor(INDEXED_MS_MAX, async () => {
      const { status, bytes } = await clerk.download(`/v1/receipts/${id}?grade=audit`, { accept: RECEIPT_MEDIA_TYPE });
      return status === 200 ? bytes : undefined;
    });
    const root = readTrustRoot(Buffer.from((await network.restAsAnyone('chongqing').get('/v1/trust-root')).text));
    expect(root.epochs.map(({ consensus }) => consensus)).toContain('BFT');
    expect(root.epochs.at(-1)?.ordering).toMatchObject({ rule: 'quorum', quorum: 3 });
    const plain = await verifyReceipt(Buffer.from(String(body.receipt), 'base64'), root);
    const { verdict, findings, facts } = await verifyReceipt(audit ?? new Uint8Array(), root);
    const statuses = Object.fromEntries(findings.map(({ step, status, code }) => [step, `${status} ${code}`]));
    expect({ plain: plain.verdict, verdict, ...statuses }).toMatchObject({
      ...{ plain: 'VALID', verdict: 'VALID', ordering: 'VALID OK', audit: 'VALID OK', signatures: 'VALID OK' },
    });
    const signed = findings.find(({ step }) => step === 'ordering')?.details.signers;
    expect(String(signed).split(', ').length).toBeGreaterThanOrEqual(3);
    expect(decodeReceipt(audit ?? new Uint8Array()).audit?.signatures).toHaveLength(3);
    expect(facts?.consensus).toBe('BFT');
  });

  test('a fifth organisation joins and becomes a member by commands alone', async () => {
    await expectFifthToBecomeMember(network, ONE_MACHINE_FABRIC_NOTICE);
  }, 120_000);
});
