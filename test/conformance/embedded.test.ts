import { checkNetwork } from '../../network/fsck/check-network.js';
import { TestNetwork } from '../support/network/test-network.js';
import { scenarios } from './scenarios.js';

describe('the embedded network', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ probe: true });
  });
  afterAll(() => network.close());

  test.each(scenarios)('$title', ({ run }) => run(network));

  test('the chain that all of them left is sound, verdict by verdict, to a checker that shares no code with it', async () => {
    expect((await checkNetwork(network.folder.root)).peers[0]?.index).toBe('in-use');
    await network.down();
    const { findings, peers } = await checkNetwork(network.folder.root);
    expect(findings).toEqual([]);
    const checked = { index: 'checked', privateData: 'checked' };
    expect(peers).toMatchObject([checked, checked, checked, checked]);
    // Every peer lacks what is for other organisations, and nobody all of it.
    for (const { privateSetsMissing, transactions } of peers) {
      expect(privateSetsMissing).toBeGreaterThan(0);
      expect(privateSetsMissing).toBeLessThan(transactions);
    }
  });
});
