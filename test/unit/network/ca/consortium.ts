import { join } from 'node:path';
import { listenerNames, type NetworkPlan, planNetwork } from '../../../../network/plan/plan.js';
import { parseTopology, type Topology } from '../../../../network/plan/topology.js';

/** A topology of some organisations with users; YAML, as an owner would write it. */
export function topologyText(names: readonly string[], users: readonly string[]): string {
  return [
    'organisations:',
    ...names.flatMap((name) => [
      `  - mspId: ${name.toUpperCase()}`,
      `    name: ${name}`,
      `    domain: ${name}.example`,
      users.length > 0 ? '    users:' : '    users: []',
      ...users.map((user) => `      - { name: ${user}, attributes: { yz.role: ${user}, yz.unit: 一号 } }`),
    ]),
    'channel: { name: tests }',
    'chaincodes:',
    '  - name: basic',
    '    version: "1.0"',
    `    endorsement: OR(${names.map((name) => `'${name.toUpperCase()}.peer'`).join(',')})`,
    '    command: [node, server.js]',
  ].join('\n');
}

/** The plan of a topology in a folder, its ports counted from 20,000. */
export function planIn(folder: string, topology: Topology): NetworkPlan {
  const ports = listenerNames(topology).map((_, index) => 20_000 + index);
  return planNetwork(topology, ports, folder);
}

/** A plan for `a` and `b` with one user each, in `<folder>/net`. */
export function smallPlan(folder: string): NetworkPlan {
  return planIn(join(folder, 'net'), parseTopology(topologyText(['a', 'b'], ['officer'])));
}
