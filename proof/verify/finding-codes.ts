import { type Wording } from '../../domain/wording.js';
import { type ProofErrorCode } from '../proof-error.js';

const w = (zh: string, en: string): Wording => ({ zh, en });

/** Sentences of the checks' own codes. Codes are public API: added, never renamed or reused. */
const CHECKS = {
  GROUND_MISSING: w('前一步未得出结论，本步未核验。', 'An earlier step came to no result, so this one was not run.'),
  PART_ABSENT: w('回执未附这一部分。', 'The receipt does not carry this part.'),
  FILE_NOT_GIVEN: w('未提供文件，未作比对。', 'No file was given, so nothing was compared.'),
  SUBJECT_WITHOUT_DIGEST: w('回执所证事项没有文件哈希值。', 'What the receipt is about has no file digest.'),
  ABSENCE_OF_ANOTHER: w(
    '机构所答的是另一哈希值没有登记，不是所提交的文件。',
    'What organisations signed is that another digest is not recorded: it says nothing of this file.',
  ),
  FILE_MISMATCH: w(
    '所提交文件的哈希值与登记值不一致。可能为：文件被修改、另存/转码、选错文件或回执。',
    "The file's digest differs from the registered one. Possible causes: the file was changed, saved again or converted, or another file or receipt was chosen.",
  ),
  NOT_IN_BATCH: w('单份存证，不属于批次。', 'A record of its own, not one of a batch.'),
  BATCH_INDEX: w('批次序号超出批次大小。', 'The index lies outside of the batch.'),
  BATCH_PATH_LENGTH: w('路径长度与序号、批次大小不符。', 'The path is not as long as index and size demand.'),
  BATCH_ROOT: w('由该项推得的根与机构签署的批次根不一致。', 'The item does not lead to the root that was signed.'),
  BATCH_ITEM: w('批次项不是规范 JSON，或没有哈希值。', 'The item is not canonical JSON with digests.'),
  BATCH_NOT_ATTESTED: w('机构签署的答复不是关于批次的。', 'What was signed is not about a batch.'),
  BATCH_PART_MISSING: w('批次回执缺少该项的路径。', 'The receipt of a batch lacks the path of its item.'),
  ANSWER_STATUS: w('合约答复的状态不是 200。', "The contract's answer has another status than 200."),
  CHAINCODE_UNKNOWN: w('合约名称或版本不在信任根中。', 'The chaincode or its version is not in the trust root.'),
  ATTESTATION_WRITES: w(
    '背书内容含有写入：这是未必生效的交易，不是状态证明。',
    'What was endorsed writes: a transaction that may never have become valid, not an attestation.',
  ),
  CHANNEL_MISMATCH: w('回执属于另一通道。', 'The receipt belongs to another channel.'),
  GENESIS_MISMATCH: w(
    '回执属于创世区块不同的另一网络。',
    'The receipt belongs to a network with another genesis block.',
  ),
  PROPOSAL_HASH: w(
    '重算的提案哈希与签署内容不一致：通道、时间或调用被改动。',
    'The recomputed proposal hash differs from the signed one: channel, time or call was changed.',
  ),
  PROPOSAL_CHAINCODE: w(
    '提案调用的不是作出答复的合约。',
    'The proposal called another chaincode than the one that answered.',
  ),
  CREATOR_UNKNOWN: w(
    '找不到提案人的证书，无法判断。',
    "The proposer's certificate is not at hand; this cannot be decided.",
  ),
  EPOCH_UNKNOWN: w(
    '信任根中没有该配置区块；请使用更新的信任根。',
    'The trust root does not know this configuration; use a newer one.',
  ),
  EPOCH_TIME: w(
    '答复时间不在所称配置的有效期内：证书机构可能已更换。',
    'The time of the answer is outside of the configuration named: authorities may have been replaced.',
  ),
  SIGNATURE_DER: w('签名不是严格的 DER 编码。', 'A signature is not in strict DER.'),
  SIGNATURE_HIGH_S: w('签名的 s 值高于曲线阶的一半。', "A signature's s is above half of the curve's order."),
  SIGNATURE_INVALID: w('签名与内容不符。', 'A signature does not fit what it stands under.'),
  ORGANISATION_UNKNOWN: w(
    '签名机构不在信任根所列机构中。',
    'A signer belongs to no organisation that the trust root lists.',
  ),
  CERTIFICATE_UNTRUSTED: w('签名证书不是由其机构的根签发。', "A certificate does not lead to its organisation's root."),
  ENDORSER_NOT_PEER: w(
    '签名证书不是节点证书（例如是办事人员的证书）。',
    "A certificate is not a peer's (but, for example, a clerk's).",
  ),
  CERTIFICATE_EXPIRED: w('签名时证书不在有效期内。', 'A certificate was not valid at the time of signing.'),
  CERTIFICATE_REVOKED: w('签名证书已被吊销。', 'A certificate was revoked.'),
  ORGANISATIONS_TOO_FEW: w(
    '签名的不同机构数少于信任根的要求。',
    'Fewer distinct organisations signed than the trust root demands.',
  ),
  ENDORSER_UNKNOWN: w(
    '找不到签名人的证书，无法判断。',
    "A signer's certificate is not at hand; this cannot be decided.",
  ),
  READ_MISSING: w('签署的读集中没有该记录的键。', 'The signed read set does not have the key of the record.'),
  READ_CONTRADICTS: w('签署的读集与答复相反。', 'The signed read set contradicts the answer.'),
  RECORD_HASH: w('所附记录与签署的记录哈希不一致。', 'The enclosed record does not have the hash that was signed.'),
  NOT_IN_STREAM: w('不属于有序号的流。', 'Not part of a stream with sequence numbers.'),
  STREAM_UNKNOWN: w(
    '回执未附批次记录，不能核验序号。',
    "The batch's record is not enclosed, so the sequence number cannot be checked.",
  ),
  STREAM_MALFORMED: w('所附批次记录的流不能读出。', "The stream in the batch's record cannot be read."),
  ITEM_SEQUENCE: w(
    '该项所称序号不是它在流中的位置。',
    'The sequence number that the item claims is not its place in the stream.',
  ),
  GAP: w(
    '本批次之前有缺号：流不回填，所缺序号从未登记。',
    'Numbers are missing before this batch: a stream never goes back, so nothing was ever recorded under them.',
  ),
  BLOCK_NUMBER: w(
    '所附区块不是写入该记录的区块。',
    'The enclosed block is not the one in which the record was written.',
  ),
  BLOCK_DATA_HASH: w('区块数据与区块头的数据哈希不一致。', "The block's data do not have the hash in its header."),
  BLOCK_QUORUM: w('签署区块的排序节点不足法定数。', 'Too few distinct orderers signed the block.'),
  BLOCK_SIGNATURE: w('所附排序节点签名中有不成立的。', "One of the orderers' signatures enclosed does not hold."),
  ENVELOPE_MALFORMED: w(
    '区块数据不能逐一读作交易信封。',
    "The block's data cannot be read as one envelope after the other.",
  ),
  ENVELOPE_MISSING: w('区块的该位置没有本通道的交易。', 'The block has no transaction of this channel at that place.'),
  ENVELOPE_WRITE: w('该交易没有写入所证记录。', 'The transaction does not write the record.'),
  AUDIT_CALL: w('审计部分不是对该交易的查询。', 'The audit part is not the query about this transaction.'),
  AUDIT_CODE: w('机构签署的验证码表明该交易无效。', 'The signed validation code says that the transaction is invalid.'),
  AUDIT_TRANSACTION: w(
    '审计部分的交易不是写入所证记录的交易。',
    'The transaction in the audit part does not write the record.',
  ),
  TOKEN_IMPRINT: w('时间戳是为另一内容签发的。', 'The time-stamp was issued over something else.'),
  TOKEN_SIGNATURE: w('时间戳的签名不成立。', "The time-stamp's signature does not hold."),
  TOKEN_AUTHORITY: w('时间戳机构不在信任根中。', 'The time-stamping authority is not in the trust root.'),
  TOKEN_POLICY: w('时间戳的策略不被信任根接受。', "The trust root does not admit the time-stamp's policy."),
  TOKEN_CERTIFICATE: w(
    '时间戳证书在签发时刻无效，或不是时间戳用途。',
    "The authority's certificate was not valid at that time, or is not for time-stamping.",
  ),
  TOKEN_ALGORITHM: w('此处不能核验时间戳所用算法。', "The time-stamp's algorithm cannot be checked here."),
  SEAL_ALGORITHM: w('不认识印章的签名算法。', "The seal's algorithm is not known."),
  SEAL_CERTIFICATE: w(
    '印章证书不是用于盖章的国密 SM2 证书。',
    "The seal's certificate is not one for sealing with SM2.",
  ),
  SEAL_SIGNATURE: w('印章签名不成立。', "The seal's signature does not hold."),
  ABSENT: w('账本没有该记录，因此没有状态可言。', 'The ledger has no such record, so there is no standing.'),
  NOT_YET_RECORDED: w('所问日期早于登记时间。', 'The date asked for is before the recording.'),
  TERM_ENDED: w('所问日期有效期已届满。', 'The term had ended on the date asked for.'),
  STANDING_STALE: w(
    '答复早于所问日期过久，不能据以判断当日状态；请取得新的回执。',
    'The answer is too old for the date asked for; ask for a newer receipt.',
  ),
  STANDING_EARLIER_UNKNOWN: w(
    '所问日期早于状态变更，本回执不能说明当日状态。',
    'The date asked for is before the standing changed; this receipt does not tell the standing of then.',
  ),
  STANDING_MATCH_CONTESTED: w(
    '另有异议尚待裁定；哈希核验结果不受影响。',
    'An objection awaits its decision; the digest check itself is not affected.',
  ),
  STANDING_MATCH_SUPERSEDED: w(
    '该存证已有更正记录，原记录继续可核验。',
    'A later record corrects this one, which stays verifiable.',
  ),
  STANDING_MATCH_ANNULLED: w(
    '法院已裁定异议成立；哈希核验结果不受影响，该存证不再据以认定。',
    'A court upheld an objection; the digest check itself is not affected, but the record is no longer relied on.',
  ),
  STANDING_SUSPENDED: w('已暂停。', 'It is suspended.'),
  STANDING_REVOKED: w('已撤销。', 'It is revoked.'),
  STANDING_EXPIRED: w('有效期已届满。', 'Its term has ended.'),
  STANDING_REPLACED: w('已被新的替换。', 'It was replaced by another.'),
} as const satisfies Record<string, Wording>;

/** Codes of the checks. */
export type CheckCode = keyof typeof CHECKS;

const READERS: Readonly<Record<ProofErrorCode, Wording>> = {
  CBOR_MALFORMED: w('回执不是确定性 CBOR。', 'The receipt is not deterministic CBOR.'),
  RECEIPT_MALFORMED: w('回执的结构不符合格式。', 'The receipt is not built as its format says.'),
  RECEIPT_TOO_LARGE: w('回执过大。', 'The receipt is too large.'),
  RECEIPT_VERSION: w('回执的版本不被认识。', "The receipt's version is not known."),
  RECEIPT_IDENTITY: w(
    '回执附有其中无处引用或重复的证书。',
    'The receipt carries a certificate twice, or one that nothing in it refers to.',
  ),
  RECEIPT_CRITICAL_FIELD: w('回执含有不认识的关键字段。', 'The receipt has a critical field that is not known.'),
  PROTOBUF_MALFORMED: w('签署的字节不能严格读出。', 'The signed bytes cannot be read to the last one.'),
  ANSWER_MALFORMED: w('合约的答复不符合格式。', "The contract's answer is not built as its format says."),
  CERTIFICATE_MALFORMED: w('证书不能读出。', 'A certificate cannot be read.'),
  SIGNATURE_MALFORMED: w('签名不能读出。', 'A signature cannot be read.'),
  BLOCK_MALFORMED: w('区块签名不能读出。', "The block's signatures cannot be read."),
  CONFIG_MALFORMED: w('配置不能读出。', 'A configuration cannot be read.'),
  CONFIG_CHAIN_BROKEN: w('配置链中断。', 'The chain of configurations is broken.'),
  CONFIG_UNSUPPORTED: w('不支持该配置。', 'A configuration is not supported.'),
  TRUST_ROOT_MALFORMED: w('信任根不符合格式。', 'The trust root is not built as its format says.'),
  TOKEN_MALFORMED: w('时间戳不能读出。', 'The time-stamp cannot be read.'),
};

/** Everything that a finding may say; `OK` and `GAP` belong to VALID ones. */
export type FindingCode = 'OK' | CheckCode | ProofErrorCode;

/** One sentence a code, Chinese first; it accuses nobody. */
export const FINDING_WORDING: Readonly<Record<FindingCode, Wording>> = {
  OK: w('核验通过。', 'This holds.'),
  ...CHECKS,
  ...READERS,
};
