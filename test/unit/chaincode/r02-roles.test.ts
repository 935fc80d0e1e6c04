import '../../support/silent-shim.js'; // Before the contracts.
import { ROLES, type Role } from '../../../domain/actor.js';
import { DomainError } from '../../../domain/errors.js';
import { contracts } from '../../../chaincode/index.js';
import { CALLERS, checkCaller } from '../../../chaincode/roles.js';
import { CLERK, ContractBench } from '../../support/contract-bench.js';

/** The matrix as people agreed on it, written apart from the table that the contracts use. */
const MAY: Readonly<Record<string, string>> = {
  'evidence:register': 'clerk notary officer',
  'evidence:supersede': 'clerk notary officer',
  'evidence:object': 'clerk notary officer',
  'evidence:decideObjection': 'clerk',
  'evidence:handOver': 'clerk notary officer',
  'evidence:answerTransfer': 'clerk notary officer',
  'evidence:recordAccess': 'clerk notary officer auditor',
  'evidence:history': 'clerk notary issuer officer auditor admin',
  'evidence:get': 'clerk notary issuer officer auditor admin nobody',
  'evidence:find': 'clerk notary issuer officer auditor admin nobody',
  'batch:register': 'clerk notary officer',
  'batch:get': 'clerk notary issuer officer auditor admin nobody',
  'proof:record': 'clerk notary issuer officer auditor admin nobody',
  'proof:batch': 'clerk notary issuer officer auditor admin nobody',
  'proof:digest': 'clerk notary issuer officer auditor admin nobody',
  'proof:beat': 'clerk notary issuer officer auditor admin nobody',
  'license:defineType': 'issuer',
  'license:getType': 'clerk notary issuer officer auditor admin nobody',
  'license:issue': 'issuer',
  'license:operate': 'issuer',
  'license:refuseRenewal': 'issuer',
  'license:status': 'clerk notary issuer officer auditor admin nobody',
  'license:compare': 'clerk notary issuer officer auditor admin nobody',
  'license:history': 'issuer auditor',
  'licenseFields:keep': 'issuer',
  'licenseFields:read': 'issuer',
  'licenseFields:purge': 'issuer',
  'licenseFields:enrol': 'issuer',
  'holder:grant': 'clerk notary issuer officer auditor admin nobody',
  'holder:revoke': 'clerk notary issuer officer auditor admin nobody',
  'holder:requestRenewal': 'clerk notary issuer officer auditor admin nobody',
  'holder:trail': 'clerk notary issuer officer auditor admin nobody',
  'holder:matterTrail': 'clerk notary issuer officer auditor admin nobody',
  'holder:use': 'clerk notary issuer officer',
  'holder:deliver': 'clerk notary issuer officer',
  'catalogue:publish': 'admin',
  'catalogue:get': 'clerk notary issuer officer auditor admin nobody',
  'catalogue:list': 'clerk notary issuer officer auditor admin nobody',
  'attestation:request': 'officer',
  'attestation:deposit': 'officer',
  'attestation:answer': 'officer',
  'attestation:refuse': 'officer',
  'attestation:preview': 'officer',
  'attestation:accept': 'officer',
  'attestation:use': 'officer',
  'attestation:close': 'officer',
  'attestation:withdraw': 'officer',
  'attestation:purge': 'officer',
  'attestation:get': 'clerk notary issuer officer auditor admin',
  'attestation:history': 'clerk notary issuer officer auditor admin',
  'attestation:payloads': 'officer',
  'attestation-objection:file': 'clerk notary officer',
  'attestation-objection:resolve': 'officer',
  'reconciliation:post': 'officer auditor',
  'reconciliation:compare': 'officer auditor admin',
  'consortium:configure': 'admin',
  'consortium:get': 'clerk notary issuer officer auditor admin nobody',
};

const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'evidence:find': ['', '', ''],
  'catalogue:get': ['', ''],
  'catalogue:list': ['', ''],
  'reconciliation:compare': ['', '', ''],
  'proof:digest': ['', ''],
  'proof:beat': [],
  'consortium:get': [],
  'license:status': ['', ''],
};

const pairs = Object.keys(MAY).flatMap((transaction) =>
  [...ROLES, undefined].map((role) => ({ transaction, role: role ?? 'nobody' })),
);

/** Every transaction that the contracts expose, by the decorators that fabric-shim reads. */
function exposed(): string[] {
  return contracts.flatMap((contract) => {
    const instance = new contract();
    const found = Reflect.getMetadata('fabric:transactions', instance) as { name: string }[];
    return found.map(({ name }) => `${instance.getName()}:${name}`);
  });
}

describe('R02: every transaction has its roles, and nobody else', () => {
  test('the table of roles names exactly the transactions that the contracts expose', () => {
    expect(Object.keys(CALLERS).sort()).toEqual(exposed().sort());
    expect(Object.keys(MAY).sort()).toEqual(exposed().sort());
  });

  // The arguments are no valid request, so who passes the gate is refused by a parser behind it, with another code.
  test.each(pairs)('$transaction by $role', async ({ transaction, role }) => {
    const bench = await ContractBench.open();
    const caller = { ...CLERK, name: `${role}-1`, role: role as Role };
    const { role: _, ...noRole } = caller;
    const code = await bench
      .call(role === 'nobody' ? noRole : caller, transaction, ...(ARGUMENTS[transaction] ?? ['']))
      .then(
        () => 'passed',
        (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
      );
    const passed = !['ROLE_NOT_ALLOWED', 'ACTOR_MALFORMED'].includes(code);
    expect({ passed, code }).toEqual({ passed: MAY[transaction]?.split(' ').includes(role), code });
  });

  test('a transaction that the table does not name is refused to every role', () => {
    for (const role of ROLES) {
      const actor = { mspId: 'ChongqingMSP', name: 'x', unit: 'xx', region: '500100', role };
      for (const name of ['evidence:erase', 'toString', '__proto__', 'evidence:constructor']) {
        expect(() => {
          checkCaller(name, () => actor);
        }).toThrow(/ROLE_NOT_ALLOWED/);
      }
    }
  });

  test.each(['evidence:erase', 'evidence:aroundTransaction', 'evidence:constructor', 'evidence:beforeTransaction'])(
    'the unknown transaction %s is refused without being repeated',
    async (name) => {
      const bench = await ContractBench.open();
      const call = bench.call(CLERK, name);
      await expect(call).rejects.toThrow(expect.objectContaining({ code: 'REQUEST_MALFORMED' }) as Error);
      await expect(call).rejects.not.toThrow(name.slice(name.indexOf(':')));
    },
  );
});
