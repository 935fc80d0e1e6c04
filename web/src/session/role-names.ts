import { type Role } from '../../../domain/actor.js';
import { type Wording } from '../../../domain/wording.js';

/** What roles are called. */
export const ROLE_NAMES: Readonly<Record<Role, Wording>> = {
  clerk: { zh: '书记员', en: 'clerk' },
  notary: { zh: '公证员', en: 'notary' },
  issuer: { zh: '发证人员', en: 'issuer' },
  officer: { zh: '跨区域经办人员', en: 'cross-region officer' },
  auditor: { zh: '审计人员', en: 'auditor' },
  admin: { zh: '管理员', en: 'administrator' },
};
