import { join } from 'node:path';

import { packageRoot } from '../../../network/manager/package-root.js';

/** Three organisations, the first with two peers, any two of which endorse; and the probe. JSON text. */
export function plainTopology(chaincodes: readonly object[] = [probeChaincode()]): string {
  const organisation = (name: string, peers: number) => ({
    mspId: `${name}MSP`,
    name: name.toLowerCase(),
    domain: `${name.toLowerCase()}.example`,
    peers,
    users: [{ name: 'user' }],
  });
  return JSON.stringify({
    channel: { name: 'plain' },
    organisations: [organisation('One', 2), organisation('Two', 1), organisation('Three', 1)],
    chaincodes,
  });
}

/** Any two of the three organisations. */
export const ANY_TWO = "OutOf(2,'OneMSP.peer','TwoMSP.peer','ThreeMSP.peer')";

/** The probe as a chaincode of `plainTopology`. */
export function probeChaincode(): object {
  const command = ['node', join(packageRoot(), 'test', 'support', 'probe', 'probe.mts')];
  return { name: 'probe', version: '1.0', endorsement: ANY_TWO, command };
}
