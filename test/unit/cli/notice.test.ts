import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { noticeLines, noticeOf } from '../../../cli/notice.js';
import { ONE_MACHINE_FABRIC_NOTICE, ONE_MACHINE_NOTICE } from '../../../domain/wording.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notice-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  [undefined, ONE_MACHINE_NOTICE],
  [{}, ONE_MACHINE_NOTICE], // Plans of the embedded network name no engine.
  [{ engine: 'fabric' }, ONE_MACHINE_FABRIC_NOTICE],
])('what stands beside a network whose plan says %j speaks of the programs that run there', (plan, wanted) => {
  if (plan !== undefined) writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  expect(noticeOf(folder)).toBe(wanted);
  expect(noticeLines(folder).join('').replaceAll(/\s/g, '')).toBe(`${wanted.zh}${wanted.en}`.replaceAll(/\s/g, ''));
});
