import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { channelProfile, formatChannelConfig } from '../../../../network/fabric/channel-config.js';
import { formatOrdererConfig } from '../../../../network/fabric/orderer-config.js';
import { formatPeerConfig } from '../../../../network/fabric/peer-config.js';
import { packageRoot } from '../../../../network/manager/package-root.js';
import {
  fabricFixedPorts,
  fabricListenerNames,
  fabricPortsByListener,
  type FabricPlan,
  planFabric,
} from '../../../../network/plan/fabric-plan.js';
import { parseTopology, type Topology } from '../../../../network/plan/topology.js';

function planOf(topology: Topology): FabricPlan {
  const ports = fabricListenerNames(topology).map((_, index) => 20_000 + index);
  return planFabric(topology, ports, '/data');
}

function organisations(count: number): Topology {
  const each = Array.from({ length: count }, (_, index) => ({
    mspId: `Org${index}MSP`,
    name: `org${index}`,
    domain: `org${index}.example`,
  }));
  return parseTopology(JSON.stringify({ organisations: each, channel: { name: 'c' } }));
}

const consortium = parseTopology(readFileSync(join(packageRoot(), 'cli', 'consortium.yaml'), 'utf8'));

describe("the plan of a network of Fabric's programs", () => {
  test.each([
    [1, ['Org0OrdererMSP', 'Org0OrdererMSP', 'Org0OrdererMSP', 'Org0OrdererMSP']],
    [3, ['Org0OrdererMSP', 'Org0OrdererMSP', 'Org1OrdererMSP', 'Org2OrdererMSP']],
    [6, ['Org0OrdererMSP', 'Org1OrdererMSP', 'Org2OrdererMSP', 'Org3OrdererMSP']],
  ])('four orderers go round %i organisations, each in an ordering organisation of its own', (count, mspIds) => {
    const { orderers } = planOf(organisations(count));
    expect(orderers.map(({ mspId }) => mspId)).toEqual(mspIds);
    expect(orderers.map(({ consenterId }) => consenterId)).toEqual([1, 2, 3, 4]);
  });

  test('every listener has a name and a port of its own, which a later plan finds again', () => {
    const names = fabricListenerNames(consortium);
    expect(new Set(names).size).toBe(names.length);
    expect(fabricFixedPorts(consortium)).toHaveLength(names.length);
    const byName = fabricPortsByListener(planOf(consortium));
    expect(names.map((name) => byName.get(name))).toEqual(names.map((_, index) => 20_000 + index));
    expect(() => planFabric(consortium, [1], '/data')).toThrow(RangeError);
  });
});

describe("the configuration of Fabric's programs", () => {
  const plan = planOf(consortium);

  test('every listener is on the loopback address', () => {
    const texts = [
      ...plan.peers.map((peer) => formatPeerConfig(peer, peer.address, '/builder')),
      ...plan.orderers.map((orderer) => formatOrdererConfig(orderer)),
      formatChannelConfig(plan),
    ];
    for (const text of texts) expect(text).not.toMatch(/0\.0\.0\.0|\[::\]/);
    const addresses = texts.flatMap((text) => [...text.matchAll(/([\w.]+):\d{1,5}\b/g)].map(([, host]) => host));
    expect(addresses.length).toBeGreaterThan(20);
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
  });

  test('the channel is ordered by a Byzantine quorum, and readers and writers are flat policies', () => {
    const { Profiles } = parse(formatChannelConfig(plan)) as {
      Profiles: Record<string, { Orderer: Record<string, unknown>; Policies: unknown; Application: unknown }>;
    };
    const profile = Profiles[channelProfile];
    expect(profile?.Orderer).toMatchObject({ OrdererType: 'BFT', BatchSize: { MaxMessageCount: 500 } });
    expect(profile?.Orderer.ConsenterMapping).toHaveLength(4);
    expect(profile).toMatchObject({
      Policies: { Readers: { Type: 'Signature' }, Writers: { Type: 'Signature' } },
      Application: { Policies: { Writers: { Rule: expect.stringContaining("'ZhejiangMSP.member'") as string } } },
    });
  });
});
