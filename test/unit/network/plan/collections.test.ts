import { TopologyError } from '../../../../network/plan/errors.js';
import { parseTopology } from '../../../../network/plan/topology.js';
import { topologyText } from '../ca/consortium.js';

const base = topologyText(['a', 'b'], ['officer', 'admin']);

/** The base topology with these collections of its chaincode. */
function withCollections(...collections: object[]): string {
  return base.replace(/^(\s*)(- )?endorsement: .*$/m, (line, indent: string) => {
    const at = line.includes('- ') ? `${indent}  ` : indent;
    return `${line}\n${at}collections: ${JSON.stringify(collections)}`;
  });
}

function wrongPaths(text: string): string[] {
  try {
    parseTopology(text);
    return [];
  } catch (error) {
    if (error instanceof TopologyError) return error.problems.map(({ path }) => path);
    throw error;
  }
}

const policy = "OR('A.member','B.member')";

test("a collection gets the defaults of Fabric's own file", () => {
  const [chaincode] = parseTopology(withCollections({ name: 'vault', policy })).chaincodes;
  expect(chaincode?.collections).toEqual([
    {
      name: 'vault',
      policy,
      requiredPeerCount: 0,
      maxPeerCount: 1,
      blockToLive: 0,
      memberOnlyRead: false,
      memberOnlyWrite: false,
    },
  ]);
  expect(parseTopology(base).chaincodes[0]?.collections).toEqual([]);
});

const at = 'chaincodes.0.collections';

test.each([
  ['a name that only implicit collections have', [{ name: '_implicit_org_A', policy }], `${at}.0.name`],
  [
    'one name twice',
    [
      { name: 'x', policy },
      { name: 'x', policy },
    ],
    `${at}.1.name`,
  ],
  ['strangers as members', [{ name: 'x', policy: "OR('C.member')" }], `${at}.0.policy`],
  ['members who must agree', [{ name: 'x', policy: "AND('A.member','B.member')" }], `${at}.0.policy`],
  ['members in prose', [{ name: 'x', policy: 'everyone' }], `${at}.0.policy`],
  ['more peers wanted than told', [{ name: 'x', policy, requiredPeerCount: 2 }], `${at}.0.maxPeerCount`],
  [
    'strangers who endorse',
    [{ name: 'x', policy, endorsementPolicy: { signaturePolicy: "OR('C.peer')" } }],
    `${at}.0.endorsementPolicy`,
  ],
  ['a word that Fabric does not know', [{ name: 'x', policy, memberOnly: true }], `${at}.0`],
])('%s is refused by path', (_, collections, path) => {
  expect(wrongPaths(withCollections(...collections))).toContain(path);
});
