import { join } from 'node:path';

import { deployChaincode } from '../../network/manager/deploy.js';
import { packageRoot } from '../../network/manager/package-root.js';
import { textOf } from '../support/network/peer-connection.js';
import { ANY_TWO, plainTopology } from '../support/network/plain-topology.js';
import { installPythonShim } from '../support/network/python-shim.js';
import { TestNetwork } from '../support/network/test-network.js';

const shim = installPythonShim();
const title = "a chaincode in Python, on Fabric's shim from PyPI, unmodified";

if (shim === undefined) {
  test.skip(`${title}: skipped, because fabric-chaincode-python cannot be installed here`, () => undefined);
} else {
  test(title, async () => {
    try {
      await using network = await TestNetwork.start({ topology: plainTopology([]) });
      const folder = join(packageRoot(), 'network', 'examples', 'python');
      const command = [shim.python, 'counter.py'];
      await deployChaincode(network.folder.root, { name: 'counter', command, folder, endorsement: ANY_TWO });
      const counter = network.connectAs('user@one').contract('counter');
      expect(textOf(await counter.submitTransaction('add', 'pears', '4'))).toBe('4');
      expect(textOf(await counter.submitTransaction('add', 'pears', '-1'))).toBe('3');
      const elsewhere = network.connectAs('user@three').contract('counter');
      expect(textOf(await elsewhere.evaluateTransaction('read', 'pears'))).toBe('3');
      await expect(counter.submitTransaction('drop', 'pears')).rejects.toMatchObject({
        details: expect.arrayContaining([
          expect.objectContaining({ message: 'chaincode response 500, no function drop' }),
        ]) as unknown,
      });
    } finally {
      shim.remove();
    }
  });
}
