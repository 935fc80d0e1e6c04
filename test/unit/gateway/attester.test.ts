import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { status } from '@grpc/grpc-js';

import { Wallet } from '../../../gateway/identity/wallet.js';
import { FabricAttester, signerSets } from '../../../gateway/ledger/attester.js';
import { Connection, openChannel } from '../../../gateway/ledger/connection.js';
import { GatewayService, type Script, WireFailure } from './support/gateway-service.js';
import { createUser, writeUser } from './support/identities.js';

const USER = 'gateway@chongqing.example';
const MEMBERS = ['BeijingMSP', 'ChongqingMSP', 'GuangdongMSP', 'ZhejiangMSP'];
const TOO_FEW = 'failed to collect enough transaction endorsements, see attached details for more info';

let users: string;
beforeAll(async () => {
  users = mkdtempSync(join(tmpdir(), 'attester-'));
  writeUser(users, USER, await createUser('gateway', 'clerk'));
});
afterAll(() => {
  rmSync(users, { recursive: true });
});

/** Asks for one attestation of a peer that follows a script. @returns what came of it, and who was asked in turn. */
async function attest(
  answer: Script['endorse'],
  accepts: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<{ came: string; asked: string[]; retries: string[] }> {
  const asked: string[] = [];
  const service = new GatewayService({
    endorse: (txId, attempt, signers) => {
      asked.push(signers.map((signer) => signer[0]).join(''));
      return answer(txId, attempt, signers);
    },
  });
  await service.start();
  const connection = new Connection(
    openChannel({ name: 'peer0', address: service.address }),
    new Wallet(users, 'ChongqingMSP'),
  );
  const retries: string[] = [];
  const meter = {
    time: <Value>(_stage: string, run: () => Promise<Value>) => run(),
    retried: (why: string) => void retries.push(why),
  };
  const attester = new FabricAttester({
    ...{ connection, ledgerChannel: 'yinzheng', chaincode: 'yinzheng', home: 'ChongqingMSP', meter },
    ...{ members: () => MEMBERS, organisations: 3, accepts },
  });
  try {
    const { result } = await attester.attest({ user: USER, transaction: 'proof:record', args: ['x'] });
    return { came: Buffer.from(result).toString(), asked, retries };
  } catch (error) {
    return { came: (error as { code: string }).code, asked, retries };
  } finally {
    connection.close();
    service.stop();
  }
}

describe('asking organisations to sign', () => {
  test('home is in every set, and each set has as many as were asked for', () => {
    const sets = signerSets('ChongqingMSP', MEMBERS, 3).map((set) => set.map((signer) => signer[0]).join(''));
    expect(sets).toEqual(['CBG', 'CBZ', 'CGZ']);
    expect(signerSets('ChongqingMSP', MEMBERS, 9)).toEqual([
      ['ChongqingMSP', 'BeijingMSP', 'GuangdongMSP', 'ZhejiangMSP'],
    ]);
    expect(signerSets('ChongqingMSP', MEMBERS, 1)).toEqual([['ChongqingMSP']]);
  });

  test('the first set that agrees is enough', async () => {
    expect(await attest(() => '{"found":false}')).toEqual({ came: '{"found":false}', asked: ['CBG'], retries: [] });
  });

  test('an organisation that is away is left out', async () => {
    const away = (_txId: string, _attempt: number, signers: readonly string[]) => {
      if (!signers.includes('BeijingMSP')) return 'signed';
      throw new WireFailure(status.UNAVAILABLE, 'failed to find any endorsing peers for org(s): BeijingMSP');
    };
    expect(await attest(away)).toEqual({
      came: 'signed',
      asked: ['CBG', 'CBZ', 'CGZ'],
      retries: ['ATTESTER_AWAY', 'ATTESTER_AWAY'],
    });
  });

  test('signers whom verifiers would not accept are left out', async () => {
    const verdicts = [false, false, true];
    const accepts = () => Promise.resolve(verdicts.shift() ?? false);
    expect(await attest(() => 'signed', accepts)).toEqual({
      came: 'signed',
      asked: ['CBG', 'CBZ', 'CGZ'],
      retries: ['ATTESTER_NOT_ACCEPTED', 'ATTESTER_NOT_ACCEPTED'],
    });
  });

  test('peers that lag are asked again until they have caught up', async () => {
    const lagging = (_txId: string, attempt: number) => {
      if (attempt > 4) return 'signed';
      const details = [{ mspId: 'GuangdongMSP', message: 'ProposalResponsePayloads do not match' }];
      throw new WireFailure(status.ABORTED, TOO_FEW, details);
    };
    const { came, asked, retries } = await attest(lagging);
    expect({ came, asked }).toEqual({ came: 'signed', asked: ['CBG', 'CBZ', 'CGZ', 'CBG', 'CBZ'] });
    expect(new Set(retries)).toEqual(new Set(['ATTESTERS_DISAGREE']));
  });

  test("the contract's own refusal is told at once", async () => {
    const refuse = () => {
      const message = 'chaincode response 500, YINZHENG/ID_MALFORMED {"wanted":"EV"}';
      throw new WireFailure(status.ABORTED, TOO_FEW, [{ mspId: 'ChongqingMSP', message }]);
    };
    expect(await attest(refuse)).toMatchObject({ came: 'ID_MALFORMED', asked: ['CBG'] });
  });

  test('too few that agree in time is an outage, never a refusal', async () => {
    const away = () => {
      throw new WireFailure(status.UNAVAILABLE, 'no peers available');
    };
    expect((await attest(away)).came).toBe('UNVERIFIABLE_NOW');
  }, 15_000);
});
