import { type Contract, GatewayError } from '@hyperledger/fabric-gateway';

import { CALLERS } from '../../chaincode/roles.js';
import { findDomainError } from '../../domain/errors.js';
import { committedDuring } from '../support/network/chain-watch.js';
import { directRegistration } from '../support/network/evidence-requests.js';
import { type PeerConnection } from '../support/network/peer-connection.js';
import { TestNetwork } from '../support/network/test-network.js';

/** One user of each role, and one whose certificate names none. */
const USERS = {
  clerk: 'clerk@zhejiang',
  notary: 'notary@zhejiang',
  officer: 'officer@guangdong',
  issuer: 'issuer@guangdong',
  auditor: 'auditor@beijing',
  admin: 'admin@beijing',
  none: 'gateway@chongqing',
} as const;
type Who = keyof typeof USERS;

const EVERYBODY = Object.keys(USERS) as Who[];
const WRITERS: readonly Who[] = ['clerk', 'notary', 'officer'];

/** Requirement R02 written down a second time, on purpose: who changes the contracts' table has to say so here. */
const MAY: Readonly<Record<string, readonly Who[]>> = {
  'evidence:register': WRITERS,
  'evidence:supersede': WRITERS,
  'evidence:object': WRITERS,
  'evidence:decideObjection': ['clerk'],
  'evidence:handOver': WRITERS,
  'evidence:answerTransfer': WRITERS,
  'evidence:recordAccess': [...WRITERS, 'auditor'],
  'evidence:history': EVERYBODY.filter((who) => who !== 'none'),
  'evidence:get': EVERYBODY,
  'evidence:find': EVERYBODY,
  'license:defineType': ['issuer'],
  'license:getType': EVERYBODY,
  'license:issue': ['issuer'],
  'license:operate': ['issuer'],
  'license:refuseRenewal': ['issuer'],
  'license:status': EVERYBODY,
  'license:compare': EVERYBODY,
  'license:history': ['issuer', 'auditor'],
  'licenseFields:keep': ['issuer'],
  'licenseFields:read': ['issuer'],
  'licenseFields:purge': ['issuer'],
  'licenseFields:enrol': ['issuer'],
  'holder:grant': EVERYBODY,
  'holder:revoke': EVERYBODY,
  'holder:requestRenewal': EVERYBODY,
  'holder:trail': EVERYBODY,
  'holder:matterTrail': EVERYBODY,
  'holder:use': ['clerk', 'notary', 'issuer', 'officer'],
  'holder:deliver': ['clerk', 'notary', 'issuer', 'officer'],
  'catalogue:publish': ['admin'],
  'catalogue:get': EVERYBODY,
  'catalogue:list': EVERYBODY,
  'attestation:request': ['officer'],
  'attestation:deposit': ['officer'],
  'attestation:answer': ['officer'],
  'attestation:refuse': ['officer'],
  'attestation:preview': ['officer'],
  'attestation:accept': ['officer'],
  'attestation:use': ['officer'],
  'attestation:close': ['officer'],
  'attestation:withdraw': ['officer'],
  'attestation:purge': ['officer'],
  'attestation:get': EVERYBODY.filter((who) => who !== 'none'),
  'attestation:history': EVERYBODY.filter((who) => who !== 'none'),
  'attestation:payloads': ['officer'],
  'attestation-objection:file': WRITERS,
  'attestation-objection:resolve': ['officer'],
  'reconciliation:post': ['officer', 'auditor'],
  'reconciliation:compare': ['officer', 'auditor', 'admin'],
  'batch:register': WRITERS,
  'batch:get': EVERYBODY,
  'proof:record': EVERYBODY,
  'proof:batch': EVERYBODY,
  'proof:digest': EVERYBODY,
  'proof:beat': EVERYBODY,
  'consortium:configure': ['admin'],
  'consortium:get': EVERYBODY,
};

/** As many arguments as each transaction takes; no request is well-formed, so nothing allowed is written either. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'evidence:find': ['', '', ''],
  'license:status': ['', ''],
  'catalogue:get': ['', ''],
  'catalogue:list': ['', ''],
  'reconciliation:compare': ['', '', ''],
  'proof:digest': ['', ''],
  'proof:beat': [],
  'consortium:get': [],
};

describe('R02 every role and every operation, past the gateway', () => {
  let network: TestNetwork;
  let watcher: PeerConnection;

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    watcher = network.connectAs('gateway@beijing');
  });
  afterAll(() => network.close());

  const contractAs = (who: Who): Contract => network.connectAs(USERS[who]).contract('yinzheng');
  const rolesAllowed = async (run: (who: Who) => Promise<unknown>) => {
    const codes = await Promise.all(EVERYBODY.map((who) => refusalOf(run(who))));
    return EVERYBODY.filter((_, index) => codes[index] !== 'ROLE_NOT_ALLOWED' && codes[index] !== 'ACTOR_MALFORMED');
  };

  test("the matrix names every transaction of the contracts' table, and no other", () => {
    expect(Object.keys(MAY).sort()).toEqual(Object.keys(CALLERS).sort());
  });

  test.each(Object.entries(MAY))('%s is for %j and refused to all others', async (transaction, allowed) => {
    const parameters = ARGUMENTS[transaction] ?? ['{}'];
    const committed = await committedDuring(watcher, async () => {
      const evaluated = await rolesAllowed((who) => contractAs(who).evaluateTransaction(transaction, ...parameters));
      expect(evaluated.sort()).toEqual([...allowed].sort());
      // A peer that runs a transaction to endorse it refuses in the same way.
      const endorsed = await rolesAllowed((who) =>
        contractAs(who)
          .newProposal(transaction, { arguments: [...parameters] })
          .endorse(),
      );
      expect(endorsed.sort()).toEqual([...allowed].sort());
    });
    expect(committed).toEqual([]);
  });

  test('a well-formed registration is endorsed for writers alone, whoever endorses', async () => {
    const committed = await committedDuring(watcher, async () => {
      for (const { mspId } of network.peers) {
        const endorsed = await rolesAllowed((who) =>
          contractAs(who)
            .newProposal('evidence:register', {
              arguments: [JSON.stringify(directRegistration())],
              endorsingOrganizations: [mspId],
            })
            .endorse(),
        );
        expect(endorsed.sort()).toEqual([...WRITERS].sort());
      }
    });
    expect(committed).toEqual([]);
  });

  test.each(['evidence:update', 'evidence:delete', 'evidence:put', 'consortium:reset', 'nosuch:get', 'get'])(
    '%s does not exist for anybody',
    async (transaction) => {
      for (const who of EVERYBODY) {
        await expect(contractAs(who).evaluateTransaction(transaction, '{}')).rejects.toThrow(GatewayError);
      }
    },
  );
});

/** Our code for a refusal; `undefined` where the work was done, or refused without a code. */
async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return findDomainError([error.message, ...error.details.map(({ message }) => message)].join('\n'))?.code;
  }
}
