import { MspError } from '../../../../network/embedded/msp/errors.js';
import { parsePolicyText } from '../../../../network/embedded/msp/policy-text.js';

/** Bytes printed by Fabric 3.1.5's own policydsl.FromString, serialized deterministically. */
const fromFabric = [
  ["OR('A.member')", '120812060801120208001a0512030a0141'],
  ["AND('A.peer','A.peer')", '120c120a080212020800120208011a0712050a014110031a0712050a01411003'],
  [
    "OutOf(2,'AMSP.peer',OR('BMSP.member','CMSP.admin'))",
    '12161214080212020802120c120a080112020800120208011a0812060a04424d53501a0a12080a04434d535010011a0a12080a04414d53501003',
  ],
  [
    "OR('A.peer',AND('B.client','C.orderer'),'D.admin')",
    '121a1218080112020802120c120a08021202080012020801120208031a0712050a014210021a0712050a014310041a0712050a014110031a0712050a01441001',
  ],
  [
    "OutOf('1', \"A.b-c.member\", And('X.peer'))",
    '12121210080112020801120812060801120208001a0712050a015810031a0912070a05412e622d63',
  ],
  ["OutOf(0,'A.peer')", '12061204120208001a0712050a01411003'],
  ["OutOf(3,'A.peer','B.peer')", '120c120a080312020800120208011a0712050a014110031a0712050a01421003'],
  ["outof(1,'A.peer')", '120812060801120208001a0712050a01411003'],
] as const;

describe('the textual form of policies', () => {
  test.each(fromFabric)('%s becomes the bytes that Fabric makes of it', (text, hex) => {
    expect(Buffer.from(parsePolicyText(text)).toString('hex')).toBe(hex);
  });

  test.each([
    "OutOf(4,'A.peer','B.peer')",
    "'A.peer'",
    'OR()',
    "OR('A.boss')",
    "OR('A')",
    'OutOf(2)',
    "OrR('A.peer')",
    "oR('A.peer')",
    "OR('A.peer') x",
    "OR('A.peer'",
    "OR('A.peer'))",
    "OR(1,'A.peer')",
    "OutOf(-1,'A.peer')",
    "OutOf('x','A.peer')",
    "OR('A peer.member')",
    "OR('A.peer;)",
    '',
    `${'OR('.repeat(40)}'A.peer'${')'.repeat(40)}`,
    `OR('${'A'.repeat(9_000)}.peer')`,
  ])('%s is refused', (text) => {
    expect(() => parsePolicyText(text)).toThrow(MspError);
    expect(() => parsePolicyText(text)).toThrow(/^POLICY_MALFORMED/);
  });

  test('a refusal says what was wanted', () => {
    expect(() => parsePolicyText("OR('A.boss')")).toThrow(/member, admin, client, peer, orderer/);
    expect(() => parsePolicyText("All('A.peer')")).toThrow(/a gate: And, Or or OutOf/);
  });
});
