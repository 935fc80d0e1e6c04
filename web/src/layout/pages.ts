import { type ComponentType, lazy, type LazyExoticComponent } from 'react';

import { type Role } from '../../../domain/actor.js';
import { type Wording } from '../../../domain/wording.js';

/** One page: where it is, what it is called, who may use it. Each is a file of its own that loads when it is opened. */
export interface PageEntry {
  readonly path: string;
  readonly name: Wording;
  /** Absent where anyone may, without signing in. */
  readonly roles?: readonly Role[];
  readonly Page: LazyExoticComponent<ComponentType>;
}

/** In the order of the navigation; the first one is also `/`. */
export const PAGES: readonly PageEntry[] = [
  {
    path: '/verify',
    name: { zh: '核验', en: 'Verify' },
    Page: lazy(async () => ({ default: (await import('../pages/verify/verify-page.js')).VerifyPage })),
  },
  {
    path: '/licence',
    name: { zh: '证照', en: 'Licence' },
    Page: lazy(async () => ({ default: (await import('../pages/licence/licence-page.js')).LicencePage })),
  },
  {
    path: '/clerk',
    name: { zh: '存证', en: 'Evidence' },
    roles: ['clerk', 'notary', 'officer'],
    Page: lazy(async () => ({ default: (await import('../pages/clerk/clerk-page.js')).ClerkPage })),
  },
  {
    path: '/issuing',
    name: { zh: '发证', en: 'Issuing' },
    roles: ['issuer'],
    Page: lazy(async () => ({ default: (await import('../pages/issuing/issuing-page.js')).IssuingPage })),
  },
  {
    path: '/cross-region',
    name: { zh: '跨域', en: 'Cross-region' },
    roles: ['officer', 'clerk', 'notary', 'auditor', 'admin'],
    Page: lazy(async () => ({ default: (await import('../pages/cross-region/cross-region-page.js')).CrossRegionPage })),
  },
  {
    path: '/audit',
    name: { zh: '审计', en: 'Audit' },
    roles: ['auditor'],
    Page: lazy(async () => ({ default: (await import('../pages/audit/audit-page.js')).AuditPage })),
  },
];
