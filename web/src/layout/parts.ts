import { type Role } from '../../../domain/actor.js';
import { type Wording } from '../../../domain/wording.js';

/** One part of a page, with an address of its own. */
export interface Part {
  readonly path: string;
  readonly name: Wording;
  /** Absent where everybody may who may use the page. */
  readonly roles?: readonly Role[];
}

/** Parts of the pages that have some, by the page's path and in the order of its navigation; the first is the page's own path. */
export const PARTS: Readonly<Record<string, readonly Part[]>> = {
  '/licence': [
    { path: '/licence', name: { zh: '查询证照', en: 'Look up' } },
    { path: '/licence/mine', name: { zh: '我的证照', en: 'My licences' } },
    { path: '/licence/counter', name: { zh: '窗口核验', en: 'At the counter' } },
  ],
  '/clerk': [
    { path: '/clerk', name: { zh: '提交存证', en: 'Record' } },
    { path: '/clerk/record', name: { zh: '查找与移交', en: 'Records and custody' } },
  ],
  '/issuing': [
    { path: '/issuing', name: { zh: '颁发', en: 'Issue' } },
    { path: '/issuing/licence', name: { zh: '证照办理', en: 'Licences' } },
    { path: '/issuing/types', name: { zh: '证照类型', en: 'Types' } },
  ],
  '/cross-region': [
    { path: '/cross-region', name: { zh: '收件', en: 'Inbox' } },
    { path: '/cross-region/asked', name: { zh: '发件', en: 'Outbox' } },
    { path: '/cross-region/new', name: { zh: '新申请', en: 'New request' }, roles: ['officer'] },
    { path: '/cross-region/catalogue', name: { zh: '事项目录', en: 'Catalogue' } },
  ],
  '/audit': [
    { path: '/audit', name: { zh: '检索与导出', en: 'Search and export' } },
    { path: '/audit/record', name: { zh: '时间线', en: 'Timeline' } },
    { path: '/audit/figures', name: { zh: '统计', en: 'Figures' } },
    { path: '/audit/live', name: { zh: '实时', en: 'Live' } },
    { path: '/audit/network', name: { zh: '网络', en: 'Network' } },
    { path: '/audit/integrity', name: { zh: '完整性', en: 'Integrity' } },
  ],
};

/** The part that an address is in: a page's own path is exact, the others reach to what lies below them. Pure. */
export function partAt(page: string, pathname: string): Part | undefined {
  const own = pathname === '/' ? page : pathname.replace(/\/+$/, '');
  return PARTS[page]?.find(({ path }) => own === path || (path !== page && own.startsWith(`${path}/`)));
}
