import { lawLinesOf } from '../../../proof/verify/law.js';
import { verifyReceipt } from '../../../proof/verify/verify-receipt.js';
import { QUIET_CODES } from '../../support/receipts/case.js';
import { readCorpus } from '../../support/receipts/corpus.js';

/** Attacks that must fail with a finding of their own: the case for each, and the finding. Flips: hostile.test.ts. */
const ATTACKS: Readonly<Record<string, readonly [name: string, code: string]>> = {
  'cross-channel replay': ['cross_channel_replay', 'CHANNEL_MISMATCH'],
  'replay of another network of the same names': ['another_network_of_the_same_names', 'CERTIFICATE_UNTRUSTED'],
  'the same organisation twice': ['same_organisation_twice', 'ORGANISATIONS_TOO_FEW'],
  'client-certificate endorser': ['client_certificate_endorser', 'ENDORSER_NOT_PEER'],
  'an MVCC loser as an attestation': ['mvcc_loser', 'ATTESTATION_WRITES'],
  'an MVCC loser for an auditor': ['audit_mvcc_loser', 'AUDIT_CODE'],
  'ghost envelope': ['ghost_envelope', 'ENVELOPE_MISSING'],
  'cross-linked block': ['cross_linked_block', 'BLOCK_DATA_HASH'],
  'truncated quorum': ['truncated_quorum', 'BLOCK_QUORUM'],
  'one consenter for a quorum': ['one_consenter_thrice', 'BLOCK_QUORUM'],
  'stale status': ['stale_status', 'STANDING_STALE'],
  'absence of another file': ['absence_of_another_file', 'ABSENCE_OF_ANOTHER'],
  'expired certificate': ['expired_certificate', 'CERTIFICATE_EXPIRED'],
  'rotated authority': ['rotated_authority_new_epoch', 'CERTIFICATE_UNTRUSTED'],
  'epoch of before the rotation': ['rotated_authority_old_epoch', 'EPOCH_TIME'],
  'revoked certificate': ['revoked_certificate', 'CERTIFICATE_REVOKED'],
  'high S': ['high_s', 'SIGNATURE_HIGH_S'],
  're-encoded DER': ['der_with_a_longer_integer', 'SIGNATURE_DER'],
  'trailing protobuf bytes': ['trailing_protobuf_bytes', 'PROTOBUF_MALFORMED'],
  'duplicate map keys': ['duplicate_map_keys', 'CBOR_MALFORMED'],
  'path length that is not the tree size': ['batch_path_too_long', 'BATCH_PATH_LENGTH'],
  'index at or above the size': ['batch_index_beyond_size', 'BATCH_INDEX'],
  'a number that is not the item’s': ['stream_item_of_another_number', 'ITEM_SEQUENCE'],
  'time-stamp of another digest': ['timestamp_of_another_digest', 'TOKEN_IMPRINT'],
  'time-stamp by an ended certificate': ['timestamp_certificate_expired', 'TOKEN_CERTIFICATE'],
  'seal under another user id': ['seal_under_another_user_id', 'SEAL_SIGNATURE'],
  'seal by a clerk': ['seal_by_a_clerk', 'SEAL_CERTIFICATE'],
  'a changed certificate that is not needed': ['identity_changed', 'RECEIPT_IDENTITY'],
};

describe('the corpus of receipts', () => {
  const corpus = readCorpus();

  test('has a name that tells what to expect, for every case', () => {
    expect(corpus.length).toBeGreaterThan(80);
    const misnamed = corpus.filter(({ name, expected }) => name.endsWith('_fail') === (expected.verdict === 'VALID'));
    expect(misnamed.map(({ name }) => name)).toEqual([]);
  });

  test('R16 what was declared of a batch is told of each of its files, and nothing declared reads 未说明', async () => {
    const linesOf = async (wanted: string) => {
      const { receipt, trust } = corpus.find(({ name }) => name === wanted) ?? {};
      if (receipt === undefined || trust === undefined) throw new Error(`no case ${wanted}`);
      return (await lawLinesOf(receipt, await verifyReceipt(receipt, trust))).map(({ zh }) => zh).join('\n');
    };
    expect(await linesOf('stream')).toMatch(/已申报：数据来源、公证。未说明：生成机制.*申报未经公证。/s);
    expect(await linesOf('stream_without_its_record')).toMatch(/未说明：数据来源.*是否经公证：未说明。/s);
    expect(await linesOf('stream')).toContain('未提供文件，未作区块链核验。');
    expect(await linesOf('absence')).toMatch(/账本上没有此记录，无从作技术核验。/);
  });

  test('covers every attack of the specification, each with a finding of its own', () => {
    const found = Object.entries(ATTACKS).map(([attack, [name, code]]) => {
      const { findings = [] } = corpus.find((each) => each.name === `${name}_fail`)?.expected ?? {};
      return [attack, findings.map((line) => line.split(' ')[2])[0] === code];
    });
    expect(found.filter(([, covered]) => covered !== true)).toEqual([]);
  });

  test.each(corpus)('$name', async ({ receipt, trust, question, expected }) => {
    const report = await verifyReceipt(receipt, trust, question);
    const findings = report.findings.filter(({ code }) => code !== 'OK' && !QUIET_CODES.includes(code));
    expect({
      verdict: report.verdict,
      findings: findings.map(({ step, status, code }) => `${step} ${status} ${code}`),
    }).toEqual(expected);
    for (const { zh, en } of findings) {
      expect(zh).toMatch(/\p{Script=Han}.*。$/u);
      expect(en).toMatch(/\.$/);
    }
  });
});
