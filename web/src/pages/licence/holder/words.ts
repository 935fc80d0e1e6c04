import { type Wording } from '../../../../../domain/wording.js';

/** What the holder's side says beside domain's own sentences. */
export const WORDS = {
  intro: {
    zh: '在这个浏览器里保管您的证照密钥：用它授权、亮证，并了解谁查看过您的证照。密钥不能导出，也不上传；清除浏览器数据会丢失密钥。',
    en: 'Your licence keys live in this browser: grant, show, and see who looked. A key cannot be taken out and is sent nowhere; clearing the browser’s data destroys it.',
  },
  none: { zh: '这个浏览器里还没有证照。', en: 'No licence is in this browser yet.' },
  make: { zh: '生成新的密钥', en: 'Make a new key' },
  import: { zh: '导入持证人文件', en: 'Import a holder file' },
  importHint: {
    zh: '持证人文件由 yinzheng license key 生成；导入后请把原文件妥善保管或销毁。',
    en: 'A holder file is made by yinzheng license key; after the import keep it safe or destroy it.',
  },
  importStrange: { zh: '这个文件不是持证人文件。', en: 'This file is no holder file.' },
  storage: {
    zh: '浏览器不允许保存：请检查是否为无痕窗口或禁用了存储。',
    en: 'The browser refuses to keep anything: a private window, or storage is switched off.',
  },
  publicKey: { zh: '公钥', en: 'Public key' },
  giveKey: {
    zh: '把公钥交给颁发机关，证照颁发后在此填写证照标识：',
    en: 'Give the public key to the issuing authority; once the licence is issued, enter its identifier here:',
  },
  keepId: { zh: '保存', en: 'Keep' },
  forget: { zh: '删除此证照和密钥', en: 'Delete this licence and its key' },
  forgetSure: {
    zh: '确定删除？密钥无法恢复，之后须到颁发机关重新登记。',
    en: 'Delete? The key cannot be restored; you would have to enrol a new one at the authority.',
  },
  yes: { zh: '删除', en: 'Delete' },
  no: { zh: '不删除', en: 'Keep it' },
  noValues: {
    zh: '没有照面内容：只能证明状态，不能出示内容。',
    en: 'No content is kept here: you can show how the licence stands, not what it says.',
  },
  grant: { zh: '授权给某单位', en: 'Grant to a unit' },
  verifierOrg: { zh: '对方机构', en: 'Organisation' },
  verifierUnit: { zh: '对方单位的统一社会信用代码', en: "The unit's unified social credit code" },
  matter: { zh: '事项编码', en: 'Matter code' },
  matterHint: { zh: '12 至 31 位数字和大写字母', en: '12 to 31 digits and capital letters' },
  purpose: { zh: '用证目的', en: 'Purpose' },
  purposeText: { zh: '用途说明', en: 'In your own words' },
  purposeHint: {
    zh: '只登记加盐哈希值，原文留在本机',
    en: 'Only a salted digest is recorded; the text stays here',
  },
  fields: { zh: '允许查看的内容', en: 'What may be seen' },
  uses: { zh: '次数（1 至 20）', en: 'Uses (1 to 20)' },
  hours: { zh: '有效小时数', en: 'Hours' },
  mode: { zh: '方式', en: 'How' },
  submit: { zh: '签名并授权', en: 'Sign and grant' },
  granted: { zh: '授权已登记。', en: 'The grant is recorded.' },
  grants: { zh: '授权', en: 'Grants' },
  noGrants: { zh: '还没有授权。', en: 'No grants yet.' },
  until: { zh: '至 {time}，共 {uses} 次', en: 'until {time}, uses: {uses}' },
  over: { zh: '已过期', en: 'expired' },
  show: { zh: '出示亮证码', en: 'Show a code' },
  revoke: { zh: '撤回授权', en: 'Take back' },
  codeTitle: { zh: '亮证码', en: 'Presentation code' },
  codeHint: {
    zh: '请对方扫描，或保存为文件交给对方。一个码只能用一次，到时作废。',
    en: 'Let the receiver scan it, or hand over the file. Good once, and until the time is up.',
  },
  left: { zh: '还剩 {seconds} 秒', en: '{seconds} s left' },
  expired: { zh: '已过期', en: 'Expired' },
  again: { zh: '换一个新码', en: 'A new code' },
  saveCode: { zh: '保存为文件', en: 'Save as a file' },
  codeLong: { zh: '内容较多，无法放入二维码，请保存为文件。', en: 'Too much for a QR code: save it as a file.' },
  trail: { zh: '谁查看过', en: 'Who looked' },
  noTrail: { zh: '还没有授权，也没有人查看过。', en: 'Nothing was granted and nobody looked.' },
  refresh: { zh: '刷新', en: 'Refresh' },
  by: { zh: '经办岗位 {by}', en: 'post {by}' },
  saw: { zh: '内容：{fields}', en: 'content: {fields}' },
  statusOnly: { zh: '只看状态', en: 'status only' },
} as const;

/** Names of face fields that types usually have. */
const FIELD_NAMES: Readonly<Record<string, Wording>> = {
  certificateNumber: { zh: '证照编号', en: 'certificate number' },
  holderName: { zh: '持证主体', en: 'holder' },
  legalRepresentative: { zh: '法定代表人', en: 'legal representative' },
  creditCode: { zh: '统一社会信用代码', en: 'unified social credit code' },
  address: { zh: '住所', en: 'address' },
  businessScope: { zh: '经营范围', en: 'business scope' },
  birthDate: { zh: '出生日期', en: 'date of birth' },
};

/** What a face field is called; one that no usual type has is shown as its own type calls it, whatever that is. */
export function fieldName(name: string): Wording {
  const known = Object.hasOwn(FIELD_NAMES, name) ? FIELD_NAMES[name] : undefined;
  return known ?? { zh: name, en: name };
}
