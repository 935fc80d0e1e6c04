import { join } from 'node:path';
import { listenerNames, planNetwork } from '../../../../network/plan/plan.js';
import { parseTopology } from '../../../../network/plan/topology.js';
import { planIn, topologyText } from '../ca/consortium.js';

const topology = parseTopology(
  topologyText(['a', 'b'], ['officer'])
    .replace('name: b\n', 'name: b\n    peers: 2\n')
    .concat('\n    perOrganisation: true'),
);
const plan = planIn(join('/data'), topology);

describe('the plan of a network', () => {
  test('names each listener once, and gives each its own port', () => {
    expect(listenerNames(topology)).toEqual([
      'orderer0.orderer.example',
      'peer0.a.example',
      'peer0.b.example',
      'peer1.b.example',
      'chaincode-basic.a',
      'chaincode-basic.b',
      'ca.a.example',
      'ca.b.example',
    ]);
    const nodes = [plan.orderer, ...plan.organisations].flatMap((each) => each.nodes);
    const servers = plan.chaincodes.flatMap((each) => each.servers);
    expect([...nodes, ...servers, ...plan.authorities].map(({ address }) => address)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((index) => `127.0.0.1:${20_000 + index}`),
    );
  });

  test("a port too few is the caller's mistake", () => {
    expect(() => planNetwork(topology, [1, 2, 3], '/data')).toThrow(RangeError);
  });

  test('every organisation has an administrator: its user of that name, or one that is added', () => {
    expect(plan.organisations[0]?.users.map(({ id, role }) => [id, role])).toEqual([
      ['officer@a.example', 'client'],
      ['Admin@a.example', 'admin'],
    ]);
    const own = planIn('/data', parseTopology(topologyText(['a'], ['admin', 'officer'])));
    expect(own.organisations[0]?.users.map(({ id, role }) => [id, role])).toEqual([
      ['admin@a.example', 'admin'],
      ['officer@a.example', 'client'],
    ]);
    expect(plan.orderer.users.map(({ id, role }) => [id, role])).toEqual([['Admin@orderer.example', 'admin']]);
  });

  test('a chaincode has one server for all organisations unless it wants one for each', () => {
    const shared = planIn('/data', parseTopology(topologyText(['a', 'b'], [])));
    expect(shared.chaincodes[0]?.servers).toMatchObject([{ name: 'basic', mspIds: ['A', 'B'] }]);
    expect(shared.chaincodes[0]?.servers[0]?.environment).not.toHaveProperty('CORE_PEER_LOCALMSPID');
    const [first, second] = plan.chaincodes[0]?.servers ?? [];
    expect(first).toMatchObject({
      mspIds: ['A'],
      environment: {
        CHAINCODE_SERVER_ADDRESS: '127.0.0.1:20004',
        CHAINCODE_ID: plan.chaincodes[0]?.packageId,
        CORE_PEER_LOCALMSPID: 'A',
      },
    });
    expect(second?.logFile).toBe(join('/data', 'run', 'chaincode-basic.b.log'));
    expect(plan.chaincodes[0]?.packageId).toMatch(/^basic_1\.0:[0-9a-f]{64}$/);
  });

  test('no two files or folders fall together, and all lie in the data folder', () => {
    const members = [...plan.organisations, plan.orderer].flatMap(({ nodes, users }) => [...nodes, ...users]);
    const paths = [
      ...members.map(({ folder }) => folder),
      ...members.flatMap(({ msp, tls }) => [
        msp.certificateFile,
        msp.privateKeyFile,
        tls.certificateFile,
        tls.privateKeyFile,
      ]),
      ...plan.organisations.map(({ connectionProfileFile }) => connectionProfileFile),
      ...[plan.orderer, ...plan.organisations].flatMap(({ nodes }) => nodes.map(({ ledgerFolder }) => ledgerFolder)),
      ...plan.chaincodes.flatMap(({ servers }) => servers.flatMap(({ logFile, pidFile }) => [logFile, pidFile])),
      plan.genesisFile,
    ];
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.filter((path) => !path.startsWith(join('/data', '/')))).toEqual([]);
  });

  test('equal input gives an equal plan', () => {
    expect(planIn(join('/data'), topology)).toEqual(plan);
  });
});
