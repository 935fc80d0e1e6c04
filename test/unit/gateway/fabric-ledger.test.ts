import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { status } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';

import { DomainError } from '../../../domain/errors.js';
import { Wallet } from '../../../gateway/identity/wallet.js';
import { CommitNotices } from '../../../gateway/ledger/commit-notices.js';
import { Connection, openChannel } from '../../../gateway/ledger/connection.js';
import { FabricLedger } from '../../../gateway/ledger/fabric-ledger.js';
import { InFlight } from '../../../gateway/ledger/in-flight.js';
import { blockAfter, transactionOf } from './support/blocks.js';
import { GatewayService, type Script, WireFailure } from './support/gateway-service.js';
import { createUser, writeUser } from './support/identities.js';

const USER = 'clerk@chongqing.example';
const CODE = peer.TxValidationCode;
const writtenBy = (result: string) => (JSON.parse(result) as { txId: string }).txId;

let users: string;
beforeAll(async () => {
  users = mkdtempSync(join(tmpdir(), 'ledger-'));
  writeUser(users, USER, await createUser('clerk-07', 'clerk'));
});
afterAll(() => {
  rmSync(users, { recursive: true });
});

/** A ledger whose peer follows a script; `retries` collects why it tried again. */
async function withLedger(
  script: Partial<Script>,
  use: (ledger: FabricLedger, service: GatewayService, notices: CommitNotices, retries: string[]) => Promise<void>,
  inFlight = new InFlight(10),
): Promise<void> {
  const service = new GatewayService(script);
  await service.start();
  const wallet = new Wallet(users, 'ChongqingMSP');
  const connection = new Connection(openChannel({ name: 'peer0', address: service.address }), wallet);
  const notices = new CommitNotices();
  const retries: string[] = [];
  const meter = {
    time: <Value>(_stage: string, run: () => Promise<Value>) => run(),
    retried: (why: string) => void retries.push(why),
  };
  const options = { connection, wallet, ledgerChannel: 'yinzheng', chaincode: 'yinzheng', notices, inFlight, meter };
  try {
    await use(new FabricLedger(options), service, notices, retries);
  } finally {
    connection.close();
    service.stop();
  }
}

const submit = (ledger: FabricLedger) =>
  ledger.submit({ user: USER, transaction: 'evidence:register', args: ['{}'], writtenBy });
const evaluate = (ledger: FabricLedger) => ledger.evaluate({ user: USER, transaction: 'evidence:get', args: ['x'] });

async function refusalOf(promise: Promise<unknown>): Promise<DomainError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a write', () => {
  test('is endorsed, submitted and waited for', () =>
    withLedger({}, async (ledger, { seen }) => {
      const written = await submit(ledger);
      expect(written).toMatchObject({ blockNumber: 5, fresh: true });
      expect(seen).toEqual({ endorsed: [written.txId], submitted: [written.txId], asked: [written.txId] });
    }));

  test('learns of its commit from the block stream where that is up, without asking', () =>
    withLedger({}, async (ledger, service, notices) => {
      notices.resume();
      service.script.submit = (txId) => {
        const transaction = { ...transactionOf('', undefined), txId };
        setTimeout(() => {
          notices.announce({ ...blockAfter(undefined, [transaction]), number: 9 });
        }, 10);
      };
      expect(await submit(ledger)).toMatchObject({ blockNumber: 9, fresh: true });
      expect(service.seen.asked).toEqual([]);
    }));

  test('asks the peer where the stream breaks off while it waits', () =>
    withLedger({}, async (ledger, service, notices) => {
      notices.resume();
      service.script.submit = () =>
        void setTimeout(() => {
          notices.interrupt();
        }, 10);
      expect((await submit(ledger)).blockNumber).toBe(5);
      expect(service.seen.asked).toHaveLength(1);
    }));

  test('R08 that an earlier transaction made is found and not submitted again', () =>
    withLedger({ endorse: () => JSON.stringify({ txId: 'earlier' }) }, async (ledger, { seen }) => {
      expect(await submit(ledger)).toMatchObject({ txId: 'earlier', blockNumber: 5, fresh: false });
      expect(seen).toMatchObject({ submitted: [], asked: ['earlier'] });
    }));

  test.each(['MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT', 'ENDORSEMENT_POLICY_FAILURE'] as const)(
    'that lost by %s is tried again as a new transaction',
    (name) =>
      withLedger({}, async (ledger, service, _notices, retries) => {
        service.script.commitStatus = () => ({
          code: service.seen.asked.length === 1 ? CODE[name] : CODE.VALID,
          block: 6,
        });
        expect(await submit(ledger)).toMatchObject({ blockNumber: 6, fresh: true });
        expect(new Set(service.seen.submitted).size).toBe(2);
        expect(retries).toEqual([name]);
      }),
  );

  test.each([
    ['MVCC_READ_CONFLICT', 'LEDGER_CONFLICT', 6],
    ['ENDORSEMENT_POLICY_FAILURE', 'LEDGER_REFUSED', 2],
    ['BAD_CREATOR_SIGNATURE', 'LEDGER_REFUSED', 1],
  ] as const)('that always fails with %s ends as %s after %i attempts', (name, code, attempts) =>
    withLedger({ commitStatus: () => ({ code: CODE[name], block: 6 }) }, async (ledger, { seen }) => {
      const refusal = await refusalOf(submit(ledger));
      expect(refusal).toMatchObject({ code, details: { validationCode: name, blockNumber: 6 } });
      expect(seen.submitted).toHaveLength(attempts);
    }),
  );

  test('is tried again while the peer cannot be reached before it was submitted', () =>
    withLedger({}, async (ledger, service, _notices, retries) => {
      service.script.endorse = (txId, attempt) => {
        if (attempt < 3) throw new WireFailure(status.UNAVAILABLE, 'peer starts');
        return JSON.stringify({ txId });
      };
      expect((await submit(ledger)).fresh).toBe(true);
      expect(retries).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    }));

  test('is tried again while endorsers disagree, because one may be a block behind', () =>
    withLedger({}, async (ledger, service, _notices, retries) => {
      service.script.endorse = (txId, attempt) => {
        if (attempt > 1) return JSON.stringify({ txId });
        const text = 'failed to collect enough transaction endorsements, see attached details for more info';
        const message = 'chaincode response 500, YINZHENG/EVIDENCE_NOT_FOUND {}';
        throw new WireFailure(status.ABORTED, text, [{ mspId: 'ZhejiangMSP', message }]);
      };
      expect((await submit(ledger)).fresh).toBe(true);
      expect(retries).toEqual(['ENDORSERS_DISAGREE']);
    }));
});

describe('a write whose outcome is in doubt', () => {
  const failing = () => {
    throw new WireFailure(
      status.UNAVAILABLE,
      'insufficient number of orderers could successfully process transaction to satisfy quorum',
    );
  };

  const unheard = () => {
    throw new WireFailure(status.UNAVAILABLE, 'Connection dropped');
  };

  test('is asked after under its own id, and was committed after all', () =>
    withLedger({ submit: failing }, async (ledger, { seen }) => {
      const written = await submit(ledger);
      expect(written).toMatchObject({ fresh: true, blockNumber: 5 });
      expect(seen).toMatchObject({ endorsed: [written.txId], asked: [written.txId] });
    }));

  test('is asked after again while the peer comes back', () =>
    withLedger({ submit: failing }, async (ledger, service) => {
      service.script.commitStatus = () => {
        if (service.seen.asked.length < 3) throw new WireFailure(status.UNAVAILABLE, 'peer starts');
        return { code: CODE.VALID, block: 8 };
      };
      expect((await submit(ledger)).blockNumber).toBe(8);
      expect(new Set(service.seen.asked).size).toBe(1);
    }));

  test(
    'ends as OUTCOME_UNKNOWN with its id where nobody can tell, and is never submitted twice',
    () =>
      withLedger({ submit: unheard, commitStatus: unheard }, async (ledger, { seen }) => {
        const refusal = await refusalOf(submit(ledger));
        expect(refusal).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { txId: seen.submitted[0] } });
        expect(seen.submitted).toHaveLength(1);
      }),
    15_000,
  );

  test(
    'ends as ORDERERS_UNAVAILABLE where too few orderers took it, because they may order it later',
    () =>
      withLedger({ submit: failing, commitStatus: unheard }, async (ledger, { seen }) => {
        const refusal = await refusalOf(submit(ledger));
        expect(refusal).toMatchObject({ code: 'ORDERERS_UNAVAILABLE', details: { txId: seen.submitted[0] } });
        expect(seen.submitted).toHaveLength(1);
      }),
    15_000,
  );
});

describe('refusals', () => {
  const endorsing = (failure: WireFailure): Partial<Script> => ({
    endorse: () => {
      throw failure;
    },
    evaluate: () => {
      throw failure;
    },
  });

  test("a contract's own refusal is found behind the peers' wrapping", () =>
    withLedger(
      endorsing(
        new WireFailure(status.ABORTED, 'failed to endorse transaction, see attached details for more info', [
          {
            mspId: 'ChongqingMSP',
            message: 'chaincode response 500, YINZHENG/EVIDENCE_SUPERSEDED {"successor":"EV1"}',
          },
        ]),
      ),
      async (ledger, { seen }) => {
        const refusal = await refusalOf(submit(ledger));
        expect(refusal).toMatchObject({ code: 'EVIDENCE_SUPERSEDED', details: { successor: 'EV1' } });
        expect(seen.endorsed).toHaveLength(1);
      },
    ));

  test('a read that the contract refuses says so', () =>
    withLedger(
      endorsing(
        new WireFailure(
          status.UNKNOWN,
          'evaluate call to endorser returned error: chaincode response 500, YINZHENG/ID_MALFORMED {}',
        ),
      ),
      async (ledger) => {
        expect((await refusalOf(evaluate(ledger))).code).toBe('ID_MALFORMED');
      },
    ));

  test("any other refusal brings every endorser's message, and no address", () =>
    withLedger(
      endorsing(
        new WireFailure(status.ABORTED, 'failed to endorse transaction, see attached details for more info', [
          { mspId: 'ChongqingMSP', message: 'creator org unknown' },
          { mspId: 'ZhejiangMSP', message: 'access denied' },
        ]),
      ),
      async (ledger) => {
        const { code, details } = await refusalOf(submit(ledger));
        expect([code, details.reason]).toEqual([
          'LEDGER_REFUSED',
          'ChongqingMSP: creator org unknown; ZhejiangMSP: access denied',
        ]);
      },
    ));

  test.each([
    [status.UNAVAILABLE, 'no peers available to evaluate chaincode'],
    [status.DEADLINE_EXCEEDED, 'Deadline exceeded'],
    [status.FAILED_PRECONDITION, 'no combination of peers can be derived which satisfy the endorsement policy'],
    [status.ABORTED, 'chaincode stream terminated'],
    [status.UNKNOWN, 'could not launch chaincode yinzheng: connection to chaincode failed'],
  ])('R14 an outage (%i, %s) is UNVERIFIABLE_NOW for reads', (code, text) =>
    withLedger(endorsing(new WireFailure(code, text)), async (ledger) => {
      expect((await refusalOf(evaluate(ledger))).code).toBe('UNVERIFIABLE_NOW');
    }),
  );

  test('R14 a peer that is not there at all is UNVERIFIABLE_NOW, for reads and writes', () =>
    withLedger({}, async (ledger, service) => {
      service.stop();
      expect((await refusalOf(evaluate(ledger))).code).toBe('UNVERIFIABLE_NOW');
      expect((await refusalOf(submit(ledger))).code).toBe('UNVERIFIABLE_NOW');
    }));

  test('one more than may be in flight is LEDGER_BUSY at once, and room comes back', () =>
    withLedger(
      {},
      async (ledger) => {
        const both = await Promise.allSettled([submit(ledger), submit(ledger)]);
        expect(both.map((each) => each.status)).toEqual(['fulfilled', 'rejected']);
        expect((await refusalOf(Promise.reject((both[1] as PromiseRejectedResult).reason as Error))).code).toBe(
          'LEDGER_BUSY',
        );
        expect((await submit(ledger)).fresh).toBe(true);
      },
      new InFlight(1),
    ));
});
