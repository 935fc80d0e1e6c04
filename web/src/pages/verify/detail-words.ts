import { type Wording } from '../../../../domain/wording.js';
import { type FindingDetails } from '../../../../proof/verify/finding.js';

/** What the details of a step are called; one that is not here is shown by its own name. */
const NAMES: Readonly<Record<string, Wording>> = {
  compared: { zh: '已比对', en: 'compared' },
  organisations: { zh: '机构', en: 'organisations' },
  signers: { zh: '签名者', en: 'signers' },
  block: { zh: '区块', en: 'block' },
  tx: { zh: '交易序号', en: 'place in it' },
  heartbeatBlock: { zh: '最近心跳所在区块', en: 'block of the last heartbeat' },
  txId: { zh: '交易编号', en: 'transaction' },
  code: { zh: '验证码', en: 'code' },
  stream: { zh: '序列', en: 'stream' },
  sequence: { zh: '序号', en: 'number' },
  missing: { zh: '缺号', en: 'missing' },
  trustedTime: { zh: '可信时间', en: 'trusted time' },
  policy: { zh: '时间戳策略', en: 'policy' },
  algorithm: { zh: '算法', en: 'algorithm' },
  certificate: { zh: '证书', en: 'certificate' },
  mspId: { zh: '机构', en: 'organisation' },
  standing: { zh: '状态', en: 'standing' },
  asOf: { zh: '所问时间', en: 'as of' },
  attested: { zh: '答复时间', en: 'attested' },
  ageMs: { zh: '相差毫秒', en: 'milliseconds between' },
};

/** The details of a step, each by its name in the reader's language. Pure. */
export function detailTexts(details: FindingDetails, say: (wording: Wording) => string): readonly string[] {
  return Object.entries(details).map(([name, value]) => {
    const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    return `${known === undefined ? name : say(known)} ${value}`;
  });
}
