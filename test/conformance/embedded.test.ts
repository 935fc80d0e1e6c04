import { TestNetwork } from '../support/network/test-network.js';
import { scenarios } from './scenarios.js';

describe('the embedded network', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ probe: true });
  });
  afterAll(() => network.close());

  test.each(scenarios)('$title', ({ run }) => run(network));
});
