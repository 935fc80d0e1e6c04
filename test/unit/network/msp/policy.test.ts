import { common } from '@hyperledger/fabric-protos';
import { configGroup, implicitPolicy, signaturePolicy } from '../../../../network/embedded/config/config-group.js';
import { MspError } from '../../../../network/embedded/msp/errors.js';
import { type NodeRole } from '../../../../network/embedded/msp/identity.js';
import { compilePolicy, isSatisfiedByRoles } from '../../../../network/embedded/msp/policy.js';
import { parsePolicyText } from '../../../../network/embedded/msp/policy-text.js';
import { PolicyTree } from '../../../../network/embedded/msp/policy-tree.js';

/** `A.peer` → a peer of organisation A. */
function roles(...names: readonly string[]) {
  return names.map((name) => {
    const [mspId = '', role = ''] = name.split('.');
    return { mspId, role: role as NodeRole };
  });
}

function compile(text: string) {
  return compilePolicy(parsePolicyText(text));
}

describe('signature policies', () => {
  test.each([
    ["OR('A.peer','B.peer')", ['A.peer'], true],
    ["OR('A.peer','B.peer')", ['C.peer'], false],
    ["OR('A.peer')", ['A.client'], false],
    ["OR('A.member')", ['A.orderer'], true],
    ["OR('A.admin')", ['A.admin'], true],
    ["AND('A.peer','B.peer')", ['A.peer'], false],
    ["AND('A.peer','B.peer')", ['B.peer', 'A.peer'], true],
    ["OutOf(2,'A.peer','B.peer','C.peer')", ['A.peer', 'C.peer'], true],
    ["OutOf(2,'A.peer','B.peer','C.peer')", ['A.peer', 'D.peer'], false],
    ["OutOf(0,'A.peer')", [], true],
    ["OutOf(2,'A.peer')", ['A.peer', 'A.peer'], false],
    // One signer counts once, however many principals it would satisfy.
    ["AND('A.peer','A.member')", ['A.peer'], false],
    ["AND('A.peer','A.member')", ['A.peer', 'A.client'], true],
    // Principals are tried in order: the peer is spent on "member", and nobody is left for "peer".
    ["AND('A.member','A.peer')", ['A.peer', 'A.client'], false],
    ["AND('A.member','A.peer')", ['A.client', 'A.peer'], true],
    // A gate that fails gives back whom it had used.
    ["OR(AND('A.peer','B.peer'),AND('A.peer','C.peer'))", ['A.peer', 'C.peer'], true],
    // A gate that succeeds keeps them, even when its success was not needed any more.
    ["AND(OutOf(1,'A.peer','B.peer'),'B.peer')", ['A.peer', 'B.peer'], false],
    ["AND(OutOf(1,'A.peer','B.peer'),'B.peer')", ['A.peer', 'B.peer', 'B.peer'], true],
  ] as const)('%s with %j is %s', (text, names, satisfied) => {
    expect(isSatisfiedByRoles(compile(text), roles(...names))).toBe(satisfied);
  });

  test('the principals are listed in wire order, so a planner knows whom to ask', () => {
    expect(compile("OutOf(1,'A.peer',OR('B.member'))").principals).toEqual([
      { kind: 'role', mspId: 'B', role: 'member' },
      { kind: 'role', mspId: 'A', role: 'peer' },
    ]);
  });

  test.each([
    ['bytes that are no message', Buffer.from('ff', 'hex')],
    ['no rule', Buffer.alloc(0)],
    ['a version other than 0', Buffer.from('0801120812060801120208001a0512030a0141', 'hex')],
    ['a principal that is not listed', Buffer.from('12081206080112020801', 'hex')],
    ['an empty rule', Buffer.from('1200', 'hex')],
  ])('%s is no policy', (_, bytes) => {
    expect(() => compilePolicy(bytes)).toThrow(MspError);
  });

  test('gates nested without end are refused', () => {
    let rule = new common.SignaturePolicy();
    rule.setSignedBy(0);
    for (let depth = 0; depth < 70; depth += 1) {
      const body = new common.SignaturePolicy.NOutOf();
      body.setN(1);
      body.setRulesList([rule]);
      rule = new common.SignaturePolicy();
      rule.setNOutOf(body);
    }
    const envelope = common.SignaturePolicyEnvelope.deserializeBinary(parsePolicyText("OR('A.peer')"));
    envelope.setRule(rule);
    expect(() => compilePolicy(envelope.serializeBinary())).toThrow(/nested over 64 deep/);
  });
});

describe('policies of a channel', () => {
  const organisation = (mspId: string) =>
    configGroup({ values: {}, policies: { Endorsement: signaturePolicy(`OR('${mspId}.peer')`) } });
  const tree = (names: readonly string[]) =>
    PolicyTree.fromConfig(
      configGroup({
        groups: {
          Application: configGroup({
            groups: Object.fromEntries(names.map((name) => [name, organisation(name)])),
            values: {},
            policies: {
              Any: implicitPolicy('ANY', 'Endorsement'),
              All: implicitPolicy('ALL', 'Endorsement'),
              Most: implicitPolicy('MAJORITY', 'Endorsement'),
              Missing: implicitPolicy('ANY', 'Readers'),
            },
          }),
        },
        values: {},
        policies: { Most: implicitPolicy('ANY', 'Most') },
      }),
    );

  test.each([
    ['Any', 1, true],
    ['Any', 0, false],
    ['All', 3, false],
    ['All', 4, true],
    ['Most', 2, false],
    ['Most', 3, true],
    ['Missing', 4, false],
    ['Nonsense', 4, false],
  ])('%s of four organisations with %i signers is %s', (name, count, satisfied) => {
    const signers = roles(...['A.peer', 'B.peer', 'C.peer', 'D.peer'].slice(0, count));
    const policy = tree(['A', 'B', 'C', 'D']).get(`/Channel/Application/${name}`);
    expect(isSatisfiedByRoles(policy, signers)).toBe(satisfied);
  });

  test('a policy may rest on the implicit policies of the groups below', () => {
    const policy = tree(['A', 'B', 'C']).get('/Channel/Most');
    expect(isSatisfiedByRoles(policy, roles('A.peer', 'B.peer'))).toBe(true);
    expect(isSatisfiedByRoles(policy, roles('A.peer'))).toBe(false);
    expect(policy.principals).toHaveLength(3);
  });

  test('over no organisations at all an implicit policy asks nobody', () => {
    for (const rule of ['Any', 'All', 'Most']) {
      expect(isSatisfiedByRoles(tree([]).get(`/Channel/Application/${rule}`), [])).toBe(true);
    }
  });
});
