import { type LicenseKind } from './license-type.js';
import { type GrantMode, type TrailEntry, type UsePurpose } from './license-use.js';
import { type Wording } from './wording.js';

/** 用证目的 as people choose and read them. */
export const PURPOSE_WORDING: Readonly<Record<UsePurpose, Wording>> = {
  'government-service': { zh: '办理政务服务', en: 'government service' },
  'identity-check': { zh: '核对身份', en: 'check of identity' },
  'qualification-check': { zh: '核对资质', en: 'check of qualification' },
  contract: { zh: '订立合同', en: 'contract' },
  'court-proceedings': { zh: '诉讼', en: 'court proceedings' },
  notarisation: { zh: '公证', en: 'notarisation' },
  credit: { zh: '信贷', en: 'credit' },
};

/** How a grant is used: with a fresh code each time, or without. */
export const GRANT_MODE_WORDING: Readonly<Record<GrantMode, Wording>> = {
  present: { zh: '亮证：每次须出示新的亮证码', en: 'present: a fresh code each time' },
  standing: {
    zh: '授权用证：对方可在授权内自行查看',
    en: 'standing: the receiver may read by itself, within the grant',
  },
};

/** What happened to a licence, in the holder's trail. */
export const TRAIL_WORDING: Readonly<Record<TrailEntry['action'], Wording>> = {
  grant: { zh: '授权', en: 'granted' },
  revoke: { zh: '撤回授权', en: 'taken back' },
  use: { zh: '被查看', en: 'read' },
};

/** Kinds of licence. */
export const LICENSE_KIND_WORDING: Readonly<Record<LicenseKind, Wording>> = {
  'business-license': { zh: '营业执照', en: 'business licence' },
  'food-license': { zh: '食品经营许可证', en: 'food licence' },
  'practice-certificate': { zh: '执业证', en: 'practice certificate' },
  'driving-license': { zh: '驾驶证', en: 'driving licence' },
  'residence-permit': { zh: '居住证', en: 'residence permit' },
  'real-estate-certificate': { zh: '不动产权证书', en: 'real estate certificate' },
  'construction-permit': { zh: '施工许可证', en: 'construction permit' },
  'road-transport-permit': { zh: '道路运输许可证', en: 'road transport permit' },
  other: { zh: '其他证照', en: 'other licence' },
};
