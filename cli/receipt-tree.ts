import { canonicalJson, type Json } from '../domain/canonical-json.js';
import { readIdentity } from '../proof/fabric/identity.js';
import { rebuildProposal } from '../proof/fabric/proposal.js';
import { readResponsePayload, type Read } from '../proof/fabric/response-payload.js';
import { identityRef } from '../proof/format/codec.js';
import { type Attestation, type Receipt } from '../proof/format/receipt.js';

/** A line of a tree with what stands below it. */
export interface TreeNode {
  readonly label: string;
  readonly below?: readonly TreeNode[];
}

/** What a receipt says, as a tree for people. Nothing is verified here, and the tree's first line says so. */
export function receiptTree(receipt: Receipt): TreeNode {
  const { version, channel, genesis, configBlock, attestation, record, batch, ordering, audit } = receipt;
  const { timestamp, seal, identities = [] } = receipt;
  return branch(`回执 receipt, version ${version} (未核验 not verified here)`, [
    leaf(`通道 channel: ${channel}`),
    leaf(`创世区块 genesis: ${hex(genesis)}`),
    leaf(`配置区块 configuration block: ${configBlock}`),
    attestationTree('机构背书 attestation', attestation, identities),
    ...(record === undefined ? [] : [branch('记录 record', jsonTree(Buffer.from(record).toString('utf8')))]),
    ...(batch === undefined
      ? []
      : [
          branch(`批次 batch: item ${batch.index} of ${batch.size}`, [
            leaf(`该项 item: ${Buffer.from(batch.item).toString('utf8')}`),
            leaf(`盐值 salt: ${hex(batch.salt)}`),
            ...batch.path.map((hash, level) => leaf(`路径 path ${level}: ${hex(hash)}`)),
          ]),
        ]),
    ...(ordering === undefined
      ? []
      : [
          branch(`已定序 ordering: block ${ordering.number}`, [
            leaf(`数据哈希 data hash: ${hex(ordering.dataHash)}`),
            leaf(`排序节点签名 signatures: ${ordering.signatures.length}`),
            leaf(`信封 envelopes: ${ordering.data.length} bytes`),
          ]),
        ]),
    ...(audit === undefined ? [] : [attestationTree('审计 audit', audit, identities)]),
    ...(timestamp === undefined ? [] : [leaf(`时间戳 time-stamp: ${timestamp.length} bytes (RFC 3161)`)]),
    ...(seal === undefined ? [] : [leaf(`印章 seal: ${seal.algorithm} by ${nameOf(seal.signer, identities)}`)]),
    branch(
      `证书 identities: ${identities.length}`,
      identities.map((bytes) => leaf(`${hex(identityRef(bytes))} ${mspOf(bytes)}`)),
    ),
  ]);
}

function attestationTree(title: string, attestation: Attestation, identities: readonly Uint8Array[]): TreeNode {
  const payload = readResponsePayload(attestation.payload);
  const creator = identities.find((bytes) => hex(identityRef(bytes)) === hex(attestation.creator));
  const { timeMs, args } = rebuildProposal(attestation, creator ?? new Uint8Array(0));
  return branch(title, [
    leaf(`时间 time: ${new Date(timeMs).toISOString()} (申报 as claimed)`),
    leaf(`提问人 asked by: ${nameOf(attestation.creator, identities)}`),
    leaf(`调用 call: ${args.map((arg) => Buffer.from(arg).toString('utf8')).join(' ')}`),
    leaf(`合约 chaincode: ${payload.chaincode.name} ${payload.chaincode.version}`),
    branch(`答复 answer, status ${payload.status}`, jsonTree(Buffer.from(payload.payload).toString('utf8'))),
    branch(
      '读集 read set',
      payload.namespaces.flatMap(({ namespace, reads, ranges }) => [
        ...reads.map((read) => leaf(`${namespace} ${readable(read)}`)),
        ...ranges.map(({ start, end, reads: found }) =>
          leaf(`${namespace} ${shown(start)} … ${shown(end)}: ${found.length} keys`),
        ),
      ]),
    ),
    branch(
      `签名 signatures: ${attestation.signatures.length}`,
      attestation.signatures.map(({ endorser }) => leaf(nameOf(endorser, identities))),
    ),
  ]);
}

function readable({ key, version }: Read): string {
  return `${shown(key)} ${version === undefined ? '不存在 absent' : `@ block ${version.block} tx ${version.tx}`}`;
}

/** A composite key with its zeros shown as slashes. */
function shown(key: string): string {
  return key.replaceAll('\u0000', '/').replaceAll('\u{10FFFF}', '…');
}

/** Members of a JSON object, a line each; text that is none stands as it is. */
function jsonTree(text: string): TreeNode[] {
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [leaf(text)];
    return Object.entries(value).map(([name, member]) => {
      const nested = typeof member === 'object' && member !== null && !Array.isArray(member);
      return nested
        ? branch(name, jsonTree(canonicalJson(member)))
        : leaf(`${name}: ${typeof member === 'string' ? member : canonicalJson(member ?? null)}`);
    });
  } catch {
    return [leaf(text)];
  }
}

function nameOf(reference: Uint8Array, identities: readonly Uint8Array[]): string {
  const found = identities.find((bytes) => hex(identityRef(bytes)) === hex(reference));
  return found === undefined ? `${hex(reference)} (证书未附 not enclosed)` : `${mspOf(found)} ${hex(reference)}`;
}

function mspOf(identity: Uint8Array): string {
  try {
    return readIdentity(identity).mspId;
  } catch {
    return '不可读 unreadable';
  }
}

/** Lines of a tree, drawn with the box characters of Unicode. */
export function drawTree({ label, below = [] }: TreeNode): string[] {
  return [label, ...below.flatMap((node, index) => hang(node, index === below.length - 1))];
}

function hang(node: TreeNode, last: boolean): string[] {
  const [head = '', ...rest] = drawTree(node);
  return [`${last ? '└─ ' : '├─ '}${head}`, ...rest.map((line) => `${last ? '   ' : '│  '}${line}`)];
}

function leaf(label: string): TreeNode {
  return { label };
}

function branch(label: string, below: readonly TreeNode[]): TreeNode {
  return { label, below };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
