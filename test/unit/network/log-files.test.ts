import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { followLogs, lastLines, listLogs } from '../../../network/manager/log-files.js';
import { pollFor } from '../../../network/manager/poll.js';
import { planFabric } from '../../../network/plan/fabric-plan.js';
import { fabricListenerNames } from '../../../network/plan/fabric-plan.js';
import { listenerNames, planNetwork } from '../../../network/plan/plan.js';
import { parseTopology } from '../../../network/plan/topology.js';

const topology = parseTopology(`
organisations:
  - { mspId: AMSP, name: a, domain: a.example }
  - { mspId: BMSP, name: b, domain: b.example }
channel: { name: evidence }
chaincodes: [{ name: probe, version: '1', endorsement: "OR('AMSP.peer')", command: [node] }]
`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'));
  mkdirSync(join(folder, 'run'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function plan(engine: 'embedded' | 'fabric'): void {
  const fabric = engine === 'fabric';
  const names = fabric ? fabricListenerNames(topology) : listenerNames(topology);
  const ports = names.map((_, index) => 20_000 + index);
  const planned = fabric ? planFabric(topology, ports, folder) : planNetwork(topology, ports, folder);
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(planned));
}

function log(name: string, text: string): void {
  writeFileSync(join(folder, 'run', `${name}.log`), text);
}

test("Fabric's nodes each have a log; what has not written yet is left out", () => {
  plan('fabric');
  for (const name of ['network', 'peer0.a.example', 'orderer0.orderer.b.example', 'chaincode-probe']) log(name, 'x\n');
  expect(listLogs(folder).map(({ node }) => node)).toEqual([
    'network',
    'orderer0.orderer.b.example',
    'peer0.a.example',
    'chaincode-probe',
  ]);
  expect(listLogs(folder, 'peer0.a.example')).toEqual([
    { node: 'peer0.a.example', file: join(folder, 'run', 'peer0.a.example.log') },
  ]);
});

test('a peer of the embedded network writes to the log of its process', () => {
  plan('embedded');
  log('network', 'x\n');
  log('gateways', 'x\n');
  expect(listLogs(folder, 'peer0.b.example').map(({ node }) => node)).toEqual(['network']);
  expect(listLogs(folder).map(({ node }) => node)).toEqual(['network', 'gateways']);
});

test('an unknown node and a folder without a network are refused by name', () => {
  expect(() => listLogs(folder)).toThrow('FOLDER_EMPTY');
  plan('embedded');
  log('network', 'x\n');
  expect(() => listLogs(folder, 'peer9.a.example')).toThrow(/NODE_UNKNOWN.*"known":"network"/);
});

test('only the last lines are read, and none of them is half a line of a long log', () => {
  plan('embedded');
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} of a log that is long`);
  log('network', `${lines.join('\n')}\n`);
  const [file] = listLogs(folder, 'network');
  if (file === undefined) throw new Error('the network has a log');
  expect(lastLines(file, 2).map(({ line }) => line)).toEqual(lines.slice(-2));
  const all = lastLines(file, 20_000).map(({ line }) => line);
  expect(all).toEqual(lines.slice(-all.length));
  expect(lastLines(file, 0)).toEqual([]);
});

test('following tells whole lines once, also of a log that was set aside for a new one', async () => {
  plan('embedded');
  log('network', 'before\n');
  const files = listLogs(folder);
  const file = files[0]?.file ?? '';
  const told: string[] = [];
  const asked = new AbortController();
  const following = followLogs(files, ({ line }) => told.push(line), asked.signal);
  const until = (count: number) => pollFor(10_000, () => told.length >= count || undefined);
  appendFileSync(file, 'half');
  appendFileSync(file, ' a line\nsecond\n');
  await until(2);
  writeFileSync(file, 'anew\n');
  await until(3);
  asked.abort();
  await following;
  expect(told).toEqual(['half a line', 'second', 'anew']);
});
