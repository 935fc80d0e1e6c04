import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { adoptTopology, readTopology, topologyInForce } from '../../../../network/manager/plan-file.js';

const TITLE = { zh: '重庆市', en: 'Chongqing' };

describe('the topology of a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'topology-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const wanted = (more: object = {}, channel = 'yinzheng') =>
    readTopology(
      JSON.stringify({
        channel: { name: channel },
        organisations: [{ mspId: 'ChongqingMSP', name: 'chongqing', domain: 'chongqing.example', ...more }],
      }),
      folder,
    );

  test('stays what it was first, but for what its organisations are called', async () => {
    await adoptTopology(folder, await wanted());
    const named = await adoptTopology(folder, await wanted({ title: TITLE }));
    expect(named.organisations[0]?.title).toEqual(TITLE);
    expect((await topologyInForce(folder)).topology.organisations[0]?.title).toEqual(TITLE);
    await expect(adoptTopology(folder, await wanted({ title: TITLE, peers: 2 }))).rejects.toMatchObject({
      code: 'TOPOLOGY_IN_FORCE',
      details: { differs: 'organisations' },
    });
    await expect(adoptTopology(folder, await wanted({}, 'another'))).rejects.toMatchObject({
      details: { differs: 'channel' },
    });
  });
});
