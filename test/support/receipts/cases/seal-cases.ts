import { encodeCbor } from '../../../../proof/format/cbor.js';
import { attestationBytes, encodeReceipt, identityRef } from '../../../../proof/format/codec.js';
import { type Receipt } from '../../../../proof/format/receipt.js';
import { sealedBytes } from '../../../../proof/verify/seal.js';
import { Authority, type CertificateWish, signBy } from '../authority.js';
import { type CaseBook } from '../case.js';
import { TestSealKey } from '../sealing.js';
import { answerOf, recordOf } from '../subjects.js';

/** The identity and the signature of a seal. */
interface Sealed {
  readonly identity: Uint8Array;
  readonly signature: Uint8Array;
}

/** Seals of SM2 keys over the attestation, signed by OpenSSL. */
export async function addSealCases(book: CaseBook): Promise<void> {
  const { consortium } = book;
  using key = new TestSealKey();
  const good = consortium.receipt(consortium.call(answerOf(recordOf())));
  const over = sealedBytes(good.attestation);
  const { authority } = consortium.organisation('ZhejiangMSP');
  const certify = async (wish: Partial<CertificateWish> = {}, by: Authority = authority) => {
    const { identity } = await by.issue({ name: 'seal.ZhejiangMSP', unit: 'seal', publicKey: key.publicKey, ...wish });
    return identity;
  };
  const sealed = ({ identity, signature }: Sealed, algorithm = 'sm2-sm3'): Receipt => ({
    ...good,
    identities: [...(good.identities ?? []), identity],
    seal: { signer: identityRef(identity), algorithm, signature },
  });
  const identity = await certify();
  const signature = key.sign(over);
  const fails = (name: string, seal: Sealed, code: string, algorithm?: string) => {
    book.invalid(name, sealed(seal, algorithm), [`seal ${code}`]);
  };
  book.valid('seal', sealed({ identity, signature }));
  fails(
    'seal_of_something_else',
    { identity, signature: key.sign(attestationBytes(good.attestation)) },
    'SEAL_SIGNATURE',
  );
  fails('seal_under_another_user_id', { identity, signature: key.sign(over, 'somebody-else') }, 'SEAL_SIGNATURE');
  fails('seal_algorithm_unknown', { identity, signature }, 'SEAL_ALGORITHM', 'ecdsa-p256-sha256');
  const { clerk } = consortium.organisation('ChongqingMSP');
  const { identities: _, ...bare } = good;
  const byClerk = { signer: identityRef(clerk.identity), algorithm: 'sm2-sm3', signature: signBy(clerk, over) };
  const carried = [...new Set([...(good.identities ?? []), clerk.identity])];
  book.invalid('seal_by_a_clerk', { ...bare, identities: carried, seal: byClerk }, ['seal SEAL_CERTIFICATE']);
  fails('seal_key_of_a_client', { identity: await certify({ unit: 'client' }), signature }, 'SEAL_CERTIFICATE');
  const impostor = await Authority.create('ZhejiangMSP');
  fails('seal_of_another_authority', { identity: await certify({}, impostor), signature }, 'CERTIFICATE_UNTRUSTED');
  const ended = await certify({ notBefore: '2025-02-01T00:00:00Z', notAfter: '2026-05-01T00:00:00Z' });
  fails('seal_certificate_expired', { identity: ended, signature }, 'CERTIFICATE_EXPIRED');
  const seal = { signer: identityRef(identity), algorithm: 'sm2-sm3', signature };
  book.undecided('seal_certificate_not_at_hand', { ...good, seal }, ['seal ENDORSER_UNKNOWN']);
}

/** Certificates that a receipt brings along although nothing needs them, or that were changed on the way. */
export function addIdentityCases(book: CaseBook): void {
  const { consortium } = book;
  const good = consortium.receipt(consortium.call(answerOf(recordOf())));
  const { identities = [] } = good;
  const written = encodeReceipt(good);
  const fails = (name: string, bytes: Uint8Array) => {
    book.invalid(name, bytes, ['format RECEIPT_IDENTITY']);
  };
  const { peer } = consortium.organisation('ZhejiangMSP');
  fails('identity_that_nobody_names', withIdentities(good, [...identities, peer.identity]));
  fails('identity_twice', withIdentities(good, [...identities, ...identities.slice(0, 1)]));
  const [changed = new Uint8Array()] = identities;
  const place = Buffer.from(written).indexOf(changed) + changed.length - 40;
  fails(
    'identity_changed',
    written.map((byte, index) => (index === place ? byte ^ 1 : byte)),
  );
}

/** Bytes of a receipt that the encoder would refuse to write: member 11, the last one, replaced. */
function withIdentities(receipt: Receipt, identities: readonly Uint8Array[]): Uint8Array {
  const { identities: own = [], ...rest } = receipt;
  const without = encodeReceipt(rest);
  const head = (without[0] ?? 0) + 1;
  if (own.length === 0 || identities.length === 0) throw new Error('identities are wanted');
  return Buffer.concat([Buffer.of(head), without.subarray(1), Buffer.of(11), encodeCbor([...identities])]);
}
