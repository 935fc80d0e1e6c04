import { TopologyError } from '../../../../network/plan/errors.js';
import { parseTopology } from '../../../../network/plan/topology.js';
import { topologyText } from '../ca/consortium.js';

const text = topologyText(['a', 'b'], ['officer', 'admin']);

function problems(wrong: string): TopologyError['problems'] {
  try {
    parseTopology(wrong);
  } catch (error) {
    if (error instanceof TopologyError) return error.problems;
    throw error;
  }
  return [];
}

describe('a topology', () => {
  test('is read from YAML, and what is left out gets its default', () => {
    expect(parseTopology(text)).toMatchObject({
      organisations: [
        {
          mspId: 'A',
          name: 'a',
          domain: 'a.example',
          peers: 1,
          users: [{ name: 'officer', attributes: { 'yz.role': 'officer', 'yz.unit': '一号' } }, { name: 'admin' }],
        },
        { mspId: 'B' },
      ],
      orderer: { mspId: 'OrdererMSP', name: 'orderer', domain: 'orderer.example' },
      channel: {
        name: 'tests',
        batch: { timeoutMs: 0, maxMessages: 500, preferredBytes: 2_097_152, absoluteBytes: 10_485_760 },
      },
      chaincodes: [
        { name: 'basic', version: '1.0', sequence: 1, perOrganisation: false, command: ['node', 'server.js'] },
      ],
    });
  });

  test('is read from JSON too, and says itself again', () => {
    const topology = parseTopology(text);
    expect(parseTopology(JSON.stringify(topology))).toEqual(topology);
  });

  test('has channels of its own members, on which chaincodes are told to be', () => {
    const channels = "furtherChannels: [{name: 'inner', organisations: [B]}]\nchaincodes:";
    const several = text.replace('chaincodes:', channels);
    expect(parseTopology(several)).toMatchObject({
      channel: { name: 'tests' },
      furtherChannels: [{ name: 'inner', organisations: ['B'], batch: { maxMessages: 500 } }],
    });
    const wrong = (from: string | RegExp, to: string) => problems(several.replace(from, to)).map(({ path }) => path);
    expect(wrong("'inner'", "'tests'")).toEqual(['furtherChannels.0.name']);
    expect(wrong('[B]', '[C]')).toEqual(['furtherChannels.0.organisations.0']);
    expect(wrong('[B]', '[B, B]')).toEqual(['furtherChannels.0.organisations']);
    expect(wrong('name: basic', 'name: basic\n    channels: [outer]')).toEqual(['chaincodes.0.channels.0']);
    // Its policy names an organisation that the channel has not.
    expect(wrong('name: basic', 'name: basic\n    channels: [inner]')).toEqual(['chaincodes.0.endorsement']);
  });

  test.each([
    ['no organisations', text.replace(/organisations:[^]*?channel/, 'organisations: []\nchannel'), 'organisations'],
    ['an MSP id with a space', text.replace('mspId: A', 'mspId: A B'), 'organisations.0.mspId'],
    ['a domain in capitals', text.replace('domain: b.example', 'domain: B.example'), 'organisations.1.domain'],
    ['a path instead of a domain', text.replace('domain: b.example', 'domain: ../b'), 'organisations.1.domain'],
    ['a path instead of a user', text.replace('name: officer', 'name: ../x'), 'organisations.0.users.0.name'],
    ['two MSPs of one id', text.replace('mspId: B', 'mspId: A'), 'organisations.1.mspId'],
    ["the orderer's MSP id", text.replace('mspId: B', 'mspId: OrdererMSP'), 'orderer.mspId'],
    ['two domains', text.replace('domain: b.example', 'domain: a.example'), 'organisations.1.domain'],
    ['users that differ in case only', text.replace('name: admin', 'name: Officer'), 'organisations.0.users.1.name'],
    ['no peers', text.replace('name: a\n', 'name: a\n    peers: 0\n'), 'organisations.0.peers'],
    ['a version that YAML reads as a number', text.replace('"1.0"', '1.0'), 'chaincodes.0.version'],
    ['a policy in prose', text.replace(/endorsement: .*/, 'endorsement: everyone'), 'chaincodes.0.endorsement'],
    ['a policy over strangers', text.replace("'B.peer'", "'C.peer'"), 'chaincodes.0.endorsement'],
    [
      'a policy that nobody meets',
      text.replace(/endorsement: .*/, "endorsement: AND('A.peer','A.peer')"),
      'chaincodes.0.endorsement',
    ],
    ['an unknown word', text.replace('channel: {', 'channel: { colour: red,'), 'channel'],
    ['a channel in capitals', text.replace('name: tests', 'name: Tests'), 'channel.name'],
    [
      'batches that exceed their limit',
      text.replace('{ name: tests }', '{ name: tests, batch: { preferredBytes: 20, absoluteBytes: 10 } }'),
      'channel.batch.preferredBytes',
    ],
    ['text that is no YAML', 'a: [', ''],
    ['nothing', '', ''],
    ['over 256 KiB', ' '.repeat(300_000), ''],
  ])('with %s is refused by path', (_, wrong, path) => {
    expect(problems(wrong).map((problem) => problem.path)).toContain(path);
  });

  test('two peers of one organisation may be asked to endorse together', () => {
    const both = text.replace('name: a\n', 'name: a\n    peers: 2\n');
    expect(problems(both.replace(/endorsement: .*/, "endorsement: AND('A.peer','A.peer')"))).toEqual([]);
  });

  test('a refusal carries its code, the path and what was wanted', () => {
    const wrong = text.replace('domain: b.example', 'domain: B');
    expect(() => parseTopology(wrong)).toThrow('TOPOLOGY_INVALID: organisations.1.domain: wanted a lower-case domain');
    expect(() => parseTopology('channel: 1')).toThrow(/organisations: .*expected array.*channel: .*expected object/);
  });
});
