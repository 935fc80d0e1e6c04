import { join } from 'node:path';

import { type Wording } from '../../../domain/wording.js';
import { packageRoot } from '../../../network/manager/package-root.js';
import { yinzheng, yinzhengJson } from './command-line.js';
import { registration } from './evidence-requests.js';
import { type TestNetwork } from './test-network.js';

const FIVE = ['BeijingMSP', 'ChongqingMSP', 'GuangdongMSP', 'ShanghaiMSP', 'ZhejiangMSP'];

/**
 * A fifth organisation joins by commands alone, on whichever engine the network runs: it is let in, gets its gateway,
 * and its users write from the moment that an administrator has made it a member.
 * @param network with gateways; it has five of them afterwards. @param notice what `up` says of such a network
 */
export async function expectFifthToBecomeMember(network: TestNetwork, notice: Wording): Promise<void> {
  const data = ['--data', network.folder.root];
  const answer = (...words: string[]) => yinzhengJson(...words, ...data);
  const configure = (...words: string[]) => yinzheng('consortium', 'configure', ...words, '--json', ...data);
  await answer('network', 'org', 'add', join(packageRoot(), 'network', 'examples', 'fifth-organisation.yaml'));
  expect(await answer('up', '--detach')).toMatchObject({ notice });
  const officer = await network.restWithToken('officer@shanghai.example', 'shanghai');
  const early = await officer.post('/v1/evidence', registration());
  expect([early.status, early.body.code]).toEqual([403, 'CONSORTIUM_NOT_MEMBER']);

  // It binds everybody, so it is said who signs; and whoever does must be an administrator.
  expect((await configure()).exit).toBe(64);
  expect((await configure('--as', 'clerk@chongqing')).stderr).toContain('ROLE_NOT_ALLOWED');
  const as = ['--as', 'admin@chongqing'];
  expect(await answer('consortium', 'configure', ...as)).toMatchObject({
    changed: true,
    consortium: { members: FIVE },
  });
  expect(await answer('consortium', 'configure', ...as)).toMatchObject({ changed: false });
  expect(await answer('consortium', 'show')).toMatchObject({ configured: true, members: FIVE });

  const late = await officer.post('/v1/evidence', registration());
  expect([late.status, late.body.code]).toEqual([201, 'VALID']);
}
