import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Sealer } from '../../../gateway/receipts/sealer.js';
import { encodeReceipt } from '../../../proof/format/codec.js';
import { sealedBytes } from '../../../proof/verify/seal.js';
import { verifyReceipt } from '../../../proof/verify/verify-receipt.js';
import { TestConsortium } from '../../support/receipts/consortium.js';
import { TestSealKey } from '../../support/receipts/sealing.js';
import { answerOf, recordOf } from '../../support/receipts/subjects.js';

const MSP = 'ZhejiangMSP';

describe("an organisation's SM2 seal", () => {
  let consortium: TestConsortium;
  let key: TestSealKey;
  beforeAll(async () => {
    consortium = await TestConsortium.create();
    key = new TestSealKey();
  });
  afterAll(() => {
    key[Symbol.dispose]();
  });

  const certificate = async (unit = 'seal', publicKey?: Uint8Array) => {
    const { authority } = consortium.organisation(MSP);
    const wish = { name: `seal.${MSP}`, unit, ...(publicKey && { publicKey }) };
    const file = join(key.folder, `${unit}.pem`);
    writeFileSync(file, (await authority.issue(wish)).pem);
    return file;
  };

  test('is one that the verifier and OpenSSL accept, and another one each time', async () => {
    const sealer = new Sealer(MSP, { certificate: await certificate('seal', key.publicKey), key: key.keyFile });
    const receipt = consortium.receipt(consortium.call(answerOf(recordOf())));
    const signatures = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const seal = sealer.seal(receipt.attestation);
      const identities = [...(receipt.identities ?? []), sealer.identity];
      const report = await verifyReceipt(encodeReceipt({ ...receipt, seal, identities }), consortium.trust);
      expect(report.findings.find(({ step }) => step === 'seal')).toMatchObject({
        status: 'VALID',
        details: { mspId: MSP, certificate: `seal.${MSP}` },
      });
      expect(key.verify(sealedBytes(receipt.attestation), seal.signature)).toBe(true);
      signatures.add(Buffer.from(seal.signature).toString('hex'));
    }
    expect(signatures.size).toBe(20);
  });

  test('needs a certificate for sealing, its own key, and files that can be read', async () => {
    const wanted = { code: 'CONFIG_INVALID' };
    const open = (files: ConstructorParameters<typeof Sealer>[1]) => () => new Sealer(MSP, files);
    const good = await certificate('seal', key.publicKey);
    using other = new TestSealKey();
    expect(open({ certificate: good, key: other.keyFile })).toThrow(expect.objectContaining(wanted) as Error);
    expect(open({ certificate: good, key: good })).toThrow(expect.objectContaining(wanted) as Error);
    expect(open({ certificate: join(key.folder, 'none'), key: key.keyFile })).toThrow('CONFIG_INVALID');
    const client = await certificate('client', key.publicKey);
    expect(open({ certificate: client, key: key.keyFile })).toThrow('OU=seal');
    expect(open({ certificate: await certificate('seal'), key: key.keyFile })).toThrow('SM2');
  });
});
