import { anchorFolders } from '../../../../network/plan/anchor-folders.js';
import { fixedPorts, listenerNames, planNetwork, portsByListener } from '../../../../network/plan/plan.js';
import { parseTopology } from '../../../../network/plan/topology.js';

function text(more: { one?: object; chaincode?: object; orderer?: object } = {}): string {
  return JSON.stringify({
    channel: { name: 'plain' },
    organisations: [
      { mspId: 'OneMSP', name: 'one', domain: 'one.example', peers: 2, ...more.one },
      { mspId: 'TwoMSP', name: 'two', domain: 'two.example' },
    ],
    orderer: { mspId: 'OrdererMSP', name: 'orderer', domain: 'orderer.example', ...more.orderer },
    chaincodes: [{ name: 'cc', version: '1', endorsement: "OR('OneMSP.peer')", command: ['cc'], ...more.chaincode }],
  });
}

test('relative folders are anchored, and nothing else of the text changes', () => {
  const yaml = 'chaincodes:\n  # mine\n  - { name: a, folder: ./cc }\n  - { name: b, folder: /abs }\n  - name: c\n';
  expect(anchorFolders(yaml, '/base')).toBe(yaml.replace('./cc', '/base/cc'));
  expect(anchorFolders('channel: { name: x }   # kept\n', '/base')).toBe('channel: { name: x }   # kept\n');
});

test('fixed ports stand where their listeners stand, and a plan tells all of them by name', () => {
  const topology = parseTopology(text({ one: { ports: [7051, 7151], ca: { port: 7054 } }, orderer: { port: 7050 } }));
  expect(fixedPorts(topology)).toEqual([7050, 7051, 7151, undefined, undefined, 7054, undefined]);
  const ports = [7050, 7051, 7151, 7251, 7351, 7054, 7154];
  const byName = portsByListener(planNetwork(topology, ports, '/data'));
  expect(listenerNames(topology).map((name) => byName.get(name))).toEqual(ports);
});

test.each([
  ['a port for one of two peers', { one: { ports: [7051] } }, 'organisations.0.ports: wanted 2 ports'],
  ['one port for two listeners', { one: { ports: [7051, 7051] } }, 'wanted ports that are not used twice'],
  ['one port for a peer and an authority', { one: { ports: [7051, 7151], ca: { port: 7051 } } }, 'not used twice'],
  ['a watched chaincode without a folder', { chaincode: { watch: true } }, 'chaincodes.0.folder: wanted the folder'],
  ['a privileged port', { orderer: { port: 443 } }, 'orderer.port'],
])('%s is no topology', (_, more, wanted) => {
  expect(() => parseTopology(text(more))).toThrow(wanted);
});
