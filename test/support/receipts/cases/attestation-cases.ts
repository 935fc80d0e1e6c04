import { type AttestedRecord } from '../../../../domain/attestation.js';
import { canonicalJson } from '../../../../domain/canonical-json.js';
import { attestationFromEnvelope } from '../../../../proof/fabric/envelope.js';
import { compactReceipt } from '../../../../proof/format/compact.js';
import { type Receipt } from '../../../../proof/format/receipt.js';
import { type TrustRoot } from '../../../../proof/trust/trust-root.js';
import { Authority, signBy } from '../authority.js';
import { type CaseBook } from '../case.js';
import { keyOf, NOW_MS, TestConsortium } from '../consortium.js';
import { envelopeOf } from '../messages.js';
import { absenceOf, answerOf, FILE_DIGESTS, recordOf, storedBytes } from '../subjects.js';

const DAY_MS = 86_400_000;
const record = recordOf();
const answer = answerOf(record);
const key = keyOf(answer.subject);
const file = FILE_DIGESTS;

/** Replaces the signatures of a receipt by what a function makes of each. */
function resigned(receipt: Receipt, change: (signature: Uint8Array, index: number) => Uint8Array): Receipt {
  const signatures = receipt.attestation.signatures.map((each, index) => ({
    ...each,
    signature: change(each.signature, index),
  }));
  return { ...receipt, attestation: { ...receipt.attestation, signatures } };
}

/** Receipts about one record and about an absence, and what can be wrong with what was signed. */
export async function addAttestationCases(book: CaseBook): Promise<void> {
  const { consortium } = book;
  const good = consortium.receipt(consortium.call(answer), undefined, { record: storedBytes(record) });
  book.valid('record', good, { file });
  book.valid('record_compact', await compactReceipt(good), { file });
  book.valid('record_four_organisations', consortium.receipt(consortium.call(answer), consortium.peers(4)));
  const absence = consortium.receipt(consortium.call(absenceOf()));
  book.valid('absence', absence);
  book.valid('absence_of_this_file', absence, { file });
  const other = { file: { ...file, 'sha-256': '00'.repeat(32) } };
  book.invalid('absence_of_another_file', absence, ['file ABSENCE_OF_ANOTHER'], { question: other });
  book.valid('unknown_number', consortium.receipt(consortium.call(unknownNumber(), { reads: [{ key }] })));
  book.valid('other_member_not_critical', { ...good, others: new Map([[200, 'more']]) });
  addPayloadCases(book, good);
  addReadCases(book);
  addStatusCases(book);
}

function unknownNumber() {
  return { schema: 'attestation/1', subject: answer.subject, found: false } as const;
}

function addPayloadCases(book: CaseBook, good: Receipt): void {
  const { consortium } = book;
  const from = (more: Parameters<TestConsortium['call']>[1]) => consortium.receipt(consortium.call(answer, more));
  const said = (text: string) => from({ payload: Buffer.from(text) });
  book.invalid('file_differs', good, ['file FILE_MISMATCH'], { question: { file: { 'sha-256': '00'.repeat(32) } } });
  book.invalid('sm3_differs', good, ['file FILE_MISMATCH'], { question: { file: { ...file, sm3: '00'.repeat(32) } } });
  book.invalid('record_changed', { ...good, record: storedBytes(recordOf({ kind: 'audio' })) }, ['record RECORD_HASH']);
  book.invalid('answer_status_500', from({ status: 500 }), ['payload ANSWER_STATUS']);
  book.invalid('chaincode_version_unknown', from({ version: '9.9' }), ['payload CHAINCODE_UNKNOWN']);
  book.invalid('answer_unknown_member', said(canonicalJson({ ...answer, more: 1 })), ['payload ANSWER_MALFORMED']);
  book.invalid('answer_not_canonical', said(JSON.stringify(answer, null, 1)), ['payload ANSWER_MALFORMED']);
  book.invalid('answer_repeated_member', said(canonicalJson(answer).replace('{', '{"found":true,')), [
    'payload ANSWER_MALFORMED',
  ]);
  book.invalid('mvcc_loser', from({ writes: [{ key, value: storedBytes(record) }] }), ['payload ATTESTATION_WRITES']);
  const call = consortium.call(answer);
  const padded = { ...call, responsePayload: Buffer.concat([call.responsePayload, Buffer.of(0x98, 0x06, 0x01)]) };
  book.invalid('trailing_protobuf_bytes', consortium.receipt(padded), ['payload PROTOBUF_MALFORMED']);
  const twice = { ...call, responsePayload: Buffer.concat([call.responsePayload, call.responsePayload]) };
  book.invalid('repeated_protobuf_fields', consortium.receipt(twice), ['payload PROTOBUF_MALFORMED']);
}

function addReadCases(book: CaseBook): void {
  const { consortium } = book;
  const from = (more: Parameters<TestConsortium['call']>[1]) => consortium.receipt(consortium.call(answer, more));
  const absent = absenceOf();
  const start = keyOf(absent.subject);
  const none = (more: Parameters<TestConsortium['call']>[1]) => consortium.receipt(consortium.call(absent, more));
  const end = `${start}\u{10FFFF}`;
  book.invalid('read_missing', from({ reads: [] }), ['record READ_MISSING']);
  book.invalid('read_of_another_record', from({ reads: [{ key: `${key}x`, version: [7, 2] }] }), [
    'record READ_MISSING',
  ]);
  book.invalid('read_says_absent', from({ reads: [{ key }] }), ['record READ_CONTRADICTS']);
  book.invalid('absence_without_range', none({ ranges: [] }), ['record READ_MISSING']);
  book.invalid('absence_range_too_short', none({ ranges: [{ start, end: `${start}f` }] }), ['record READ_MISSING']);
  book.invalid('absence_range_not_exhausted', none({ ranges: [{ start, end, exhausted: false }] }), [
    'record READ_CONTRADICTS',
  ]);
  book.invalid('absence_with_a_result', none({ ranges: [{ start, end, found: [`${start}x`] }] }), [
    'record READ_CONTRADICTS',
  ]);
}

function addStatusCases(book: CaseBook): void {
  const { consortium } = book;
  const standing = (more: Partial<AttestedRecord>) => consortium.receipt(consortium.call(answerOf(record, more)));
  const asOf = (offsetMs: number) => ({ question: { asOfMs: NOW_MS + offsetMs } });
  const good = standing({});
  book.valid('as_of_an_hour_later', good, { asOfMs: NOW_MS + 3_600_000 });
  book.undecided('stale_status', good, ['status STANDING_STALE'], asOf(2 * DAY_MS));
  book.invalid('not_yet_recorded', good, ['status NOT_YET_RECORDED'], asOf(-2 * DAY_MS));
  const contested = standing({ standing: 'MATCH_CONTESTED', standingSince: '2026-06-01T07:00:00.000Z' });
  book.invalid('contested', contested, ['status STANDING_MATCH_CONTESTED']);
  book.undecided('before_contested', contested, ['status STANDING_EARLIER_UNKNOWN'], asOf(-7_200_000));
  book.invalid('revoked', standing({ standing: 'REVOKED' }), ['status STANDING_REVOKED']);
  const term = standing({ standing: 'VALID', validUntil: '2026-06-01T09:00:00.000Z' });
  book.valid('licence_in_term', term);
  book.invalid('licence_term_ended', term, ['status TERM_ENDED'], asOf(3_600_000));
}

/** Who signed, with what, when, and on which channel. */
export async function addSignatureCases(book: CaseBook): Promise<void> {
  const { consortium } = book;
  const call = consortium.call(answer);
  const good = consortium.receipt(call);
  const [first, second, third] = consortium.peers(3);
  if (first === undefined || second === undefined || third === undefined) throw new Error('three peers are wanted');
  const { authority, clerk } = consortium.organisation(third.mspId);
  const another = await consortium.organisation(first.mspId).authority.issue({ name: 'peer1.BeijingMSP' });
  const failsWith = (code: string) => [`signatures ${code}`];
  book.invalid(
    'same_organisation_twice',
    consortium.receipt(call, [first, another, second]),
    failsWith('ORGANISATIONS_TOO_FEW'),
  );
  book.invalid('same_peer_thrice', consortium.receipt(call, [first, first, first]), failsWith('ORGANISATIONS_TOO_FEW'));
  book.invalid('two_organisations', consortium.receipt(call, [first, second]), failsWith('ORGANISATIONS_TOO_FEW'));
  book.invalid(
    'client_certificate_endorser',
    consortium.receipt(call, [first, second, clerk]),
    failsWith('ENDORSER_NOT_PEER'),
  );
  const expired = await authority.issue({
    name: 'old',
    notBefore: '2025-02-01T00:00:00Z',
    notAfter: '2026-05-01T00:00:00Z',
  });
  book.invalid(
    'expired_certificate',
    consortium.receipt(call, [first, second, expired]),
    failsWith('CERTIFICATE_EXPIRED'),
  );
  const impostor = await Authority.create(third.mspId);
  const false_ = await impostor.issue({ name: `peer0.${third.mspId}` });
  book.invalid(
    'authority_of_the_same_name',
    consortium.receipt(call, [first, second, false_]),
    failsWith('CERTIFICATE_UNTRUSTED'),
  );
  const stranger = await (await Authority.create('StrangerMSP')).issue({ name: 'peer0' });
  book.invalid(
    'organisation_not_listed',
    consortium.receipt(call, [first, second, stranger]),
    failsWith('ORGANISATION_UNKNOWN'),
  );
  const signed = Buffer.concat([call.responsePayload, first.identity]);
  book.invalid(
    'high_s',
    resigned(good, (each, at) => (at === 0 ? signBy(first, signed, 'high') : each)),
    failsWith('SIGNATURE_HIGH_S'),
  );
  book.invalid(
    'der_with_a_longer_integer',
    resigned(good, (each, at) => (at === 1 ? longer(each) : each)),
    failsWith('SIGNATURE_DER'),
  );
  book.invalid(
    'der_with_bytes_behind',
    resigned(good, (each) => Buffer.concat([each, Buffer.of(0)])),
    failsWith('SIGNATURE_DER'),
  );
  book.invalid(
    'signature_of_another_call',
    resigned(good, (each, at) => (at === 2 ? signBy(third, signed) : each)),
    failsWith('SIGNATURE_INVALID'),
  );
  const unlisted = { ...consortium.trust, identities: [] };
  const compact = { ...good, identities: [] };
  book.undecided('identities_not_at_hand', compact, ['channel CREATOR_UNKNOWN'], { trust: unlisted });
  addChannelCases(book, good);
  await addForeignChannel(book);
  await addRotationCases(book, good);
}

/** A zero in front of the first integer: the same number in more bytes. */
function longer(der: Uint8Array): Buffer {
  const bytes = Buffer.from(der);
  const length = bytes[3] ?? 0;
  return Buffer.concat([Buffer.of(0x30, bytes.length - 1, 0x02, length + 1, 0), bytes.subarray(4)]);
}

function addChannelCases(book: CaseBook, good: Receipt): void {
  const { consortium } = book;
  const { attestation } = good;
  const other = (more: Partial<Receipt['attestation']>): Receipt => ({
    ...good,
    attestation: { ...attestation, ...more },
  });
  const nonce = attestation.nonce.map((byte, index) => (index === 0 ? byte ^ 1 : byte));
  book.invalid('nonce_changed', other({ nonce }), ['channel PROPOSAL_HASH']);
  const { attestation: second } = consortium.receipt(consortium.call(answer, { args: ['proof:record', 'EV00'] }));
  book.invalid('input_of_another_call', other({ input: second.input }), ['channel PROPOSAL_HASH']);
  const swapped = consortium.receipt(consortium.call(answer, { chaincode: 'other', answering: 'yinzheng' }));
  book.invalid('another_chaincode_called', swapped, ['channel PROPOSAL_CHAINCODE']);
  book.invalid('another_channel_named', { ...good, channel: 'other' }, ['channel CHANNEL_MISMATCH']);
  book.invalid('another_genesis', { ...good, genesis: new Uint8Array(32) }, ['channel GENESIS_MISMATCH']);
}

/** The same organisations on a second channel: everything is genuine, but not of this one. */
async function addForeignChannel(book: CaseBook): Promise<void> {
  const { consortium } = book;
  const replayed = consortium.receipt(consortium.call(answer, { channel: 'test' }));
  book.invalid('cross_channel_replay', replayed, ['channel CHANNEL_MISMATCH']);
  const { attestation, identities } = attestationFromEnvelope(
    envelopeOf(consortium.call(answer), consortium.peers(3), consortium.creator),
  );
  const stranger = await TestConsortium.create();
  const { trust, channel, genesis } = stranger;
  const foreign = { version: 1, channel, genesis, configBlock: 0, attestation, identities };
  book.invalid('another_network_of_the_same_names', foreign, ['signatures CERTIFICATE_UNTRUSTED'], { trust });
}

/** Authorities change, certificates are taken back: receipts of before still hold, later ones by old keys do not. */
async function addRotationCases(book: CaseBook, good: Receipt): Promise<void> {
  const { consortium } = book;
  const { trust } = consortium;
  const [epoch] = trust.epochs;
  if (epoch === undefined) throw new Error('an epoch is wanted');
  const renewed = await Authority.create('BeijingMSP');
  const organisations = epoch.organisations.map((each) =>
    each.mspId === 'BeijingMSP' ? { ...each, roots: [renewed.pem] } : each,
  );
  const rotatedAt = (from: string): TrustRoot => ({
    ...trust,
    epochs: [epoch, { ...epoch, configBlock: 20, sequence: 1, from, organisations }],
  });
  const later = rotatedAt('2026-07-01T00:00:00.000Z');
  const earlier = rotatedAt('2026-05-01T00:00:00.000Z');
  book.valid('before_a_rotation', good, {}, later);
  const chaincodes = [{ name: 'yinzheng', versions: ['1.0', '2.0'] }];
  book.valid('before_an_upgrade', good, {}, { ...trust, policy: { ...trust.policy, chaincodes } });
  book.invalid('rotated_authority_old_epoch', good, ['signatures EPOCH_TIME'], { trust: earlier });
  book.invalid('rotated_authority_new_epoch', { ...good, configBlock: 20 }, ['signatures CERTIFICATE_UNTRUSTED'], {
    trust: earlier,
  });
  book.undecided('epoch_unknown', { ...good, configBlock: 5 }, ['signatures EPOCH_UNKNOWN']);
  const { certificate } = consortium.organisation('BeijingMSP').peer;
  const issuer = Buffer.from(certificate.issuerName.toArrayBuffer()).toString('hex');
  const revoked = [
    { issuer, serial: certificate.serialNumber.replace(/^(00)+/, ''), revokedAt: '2026-08-01T00:00:00.000Z' },
  ];
  const lists = epoch.organisations.map((each) => (each.mspId === 'BeijingMSP' ? { ...each, revoked } : each));
  const withdrawn = { ...trust, epochs: [{ ...epoch, organisations: lists }] };
  book.invalid('revoked_certificate', good, ['signatures CERTIFICATE_REVOKED'], { trust: withdrawn });
}
