import { ReceiptVerifier } from '../proof/verify/verify-receipt.js';
import { readEcdsaSignature, createVerifyingKey, platformCrypto } from '../proof/crypto/signature.js';
import { readReceipt } from '../proof/format/compact.js';
import { readCorpus } from '../test/support/receipts/corpus.js';

const MS = 3_000;
const KEY_BYTES = 91;

/** How often something can be done in one second of one core: by processor time, so that other programs do not count. */
async function rate(act: () => Promise<unknown>): Promise<number> {
  for (let count = 0; count < 200; count += 1) await act();
  const start = performance.now();
  const before = process.cpuUsage();
  let done = 0;
  while (performance.now() - start < MS) {
    await act();
    done += 1;
  }
  const { user, system } = process.cpuUsage(before);
  return (done * 1_000_000) / (user + system);
}

/** Receipts verified a second, and the floor that three signature checks alone set. */
export async function measureVerifier() {
  const found = readCorpus().find(({ name }) => name === 'record');
  if (found === undefined) throw new Error('the corpus has no record');
  const { receipt, trust, question } = found;
  const verifier = new ReceiptVerifier(trust);
  const pure = new ReceiptVerifier(trust, 'pure');
  const verified = await rate(() => verifier.verify(receipt, question));
  const inJavaScript = await rate(() => pure.verify(receipt, question));
  const { attestation } = await readReceipt(receipt);
  const spki = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const key = createVerifyingKey(
    new Uint8Array(await crypto.subtle.exportKey('spki', spki.publicKey)).slice(0, KEY_BYTES),
    platformCrypto(),
  );
  const raw = readEcdsaSignature(attestation.signatures[0]?.signature ?? new Uint8Array())?.raw ?? new Uint8Array(64);
  const three = await rate(() => Promise.all([0, 1, 2].map(() => key.verify(raw, attestation.payload))));
  const round = (value: number) => Math.round(value);
  return {
    receiptBytes: receipt.length,
    verifiedPerSecond: round(verified),
    pureJavaScriptPerSecond: round(inJavaScript),
    floorOfThreeSignaturesPerSecond: round(three),
  };
}
