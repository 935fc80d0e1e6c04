import { attestationBytes } from '../../../../proof/format/codec.js';
import { type Receipt } from '../../../../proof/format/receipt.js';
import { type TrustRoot } from '../../../../proof/trust/trust-root.js';
import { type CaseBook } from '../case.js';
import { TestStamper } from '../stamper.js';
import { answerOf, recordOf } from '../subjects.js';

/** Tokens of a real `openssl ts` authority. */
export function addTimestampCases(book: CaseBook): void {
  const { consortium } = book;
  const good = consortium.receipt(consortium.call(answerOf(recordOf())));
  const bytes = attestationBytes(good.attestation);
  using stamper = new TestStamper();
  const admitting = (policy: string): TrustRoot => ({
    ...consortium.trust,
    timestampAuthorities: [{ certificate: stamper.rootPem, policies: [policy] }],
  });
  const trust = admitting('1.2.3.4.1');
  const withToken = (timestamp: Uint8Array): Receipt => ({ ...good, timestamp });
  const stamped = (over: Uint8Array, signer = 'tsa'): Receipt => withToken(stamper.stamp(over, signer));
  const fails = (name: string, receipt: Receipt, code: string, under = trust) => {
    book.invalid(name, receipt, [`timestamp ${code}`], { trust: under });
  };
  book.valid('timestamp', stamped(bytes), {}, trust);
  book.valid('timestamp_ecdsa', stamped(bytes, 'tsa-ec'), {}, trust);
  fails('timestamp_of_another_digest', stamped(Buffer.from('another')), 'TOKEN_IMPRINT');
  fails('timestamp_authority_unlisted', stamped(bytes), 'TOKEN_AUTHORITY', consortium.trust);
  fails('timestamp_certificate_expired', stamped(bytes, 'expired'), 'TOKEN_CERTIFICATE');
  fails('timestamp_policy', stamped(bytes), 'TOKEN_POLICY', admitting('1.2.3.4.2'));
  const damaged = stamper.stamp(bytes, 'tsa').map((byte, index, all) => (index === all.length - 5 ? byte ^ 1 : byte));
  fails('timestamp_signature_changed', withToken(damaged), 'TOKEN_SIGNATURE');
  fails('timestamp_not_for_stamping', withToken(stamper.forge(bytes, 'mail')), 'TOKEN_CERTIFICATE');
  fails(
    'timestamp_bytes_behind',
    withToken(Buffer.concat([stamper.stamp(bytes, 'tsa'), Buffer.of(0)])),
    'TOKEN_MALFORMED',
  );
  fails('timestamp_that_is_none', withToken(Buffer.from('a time-stamp')), 'TOKEN_MALFORMED');
  addRevocationCases(book, stamped(bytes), trust);
}

/** A certificate that is taken back after a trusted time is as good as it was then. */
function addRevocationCases(book: CaseBook, stamped: Receipt, trust: TrustRoot): void {
  const { certificate } = book.consortium.organisation('BeijingMSP').peer;
  const issuer = Buffer.from(certificate.issuerName.toArrayBuffer()).toString('hex');
  const serial = certificate.serialNumber.replace(/^(00)+/, '');
  const withdrawn = (revokedAt: string): TrustRoot => ({
    ...trust,
    epochs: trust.epochs.map((epoch) => ({
      ...epoch,
      organisations: epoch.organisations.map((each) =>
        each.mspId === 'BeijingMSP' ? { ...each, revoked: [{ issuer, serial, revokedAt }] } : each,
      ),
    })),
  });
  book.valid('timestamp_before_a_revocation', stamped, {}, withdrawn('2050-01-01T00:00:00.000Z'));
  book.invalid('timestamp_after_a_revocation', stamped, ['signatures CERTIFICATE_REVOKED'], {
    trust: withdrawn('2026-01-01T00:00:00.000Z'),
  });
}
