import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Wallet } from '../../../gateway/identity/wallet.js';
import { openChannel } from '../../../gateway/ledger/connection.js';
import { openBlockSource } from '../../../gateway/ledger/deliver.js';
import { type PeerLink } from '../../../gateway/ledger/peer-link.js';
import { type BlockSource } from '../../../gateway/ledger/port.js';
import { peerBlockBytes } from '../../vectors/vectors.js';
import { GatewayService } from './support/gateway-service.js';
import { createUser, writeUser } from './support/identities.js';

const USER = 'gateway@chongqing.example';

describe('blocks over Fabric deliver', () => {
  let users: string;
  let service: GatewayService;
  let channel: PeerLink;
  let source: BlockSource;

  beforeAll(async () => {
    users = mkdtempSync(join(tmpdir(), 'deliver-'));
    writeUser(users, USER, await createUser('gateway', 'auditor'));
    service = new GatewayService({ blocks: [0, 1, 2, 3, 4].map(peerBlockBytes) });
    await service.start();
    channel = openChannel({ name: 'peer0', address: service.address });
    const wallet = new Wallet(users, 'ChongqingMSP');
    source = openBlockSource({ name: 'peer0', channel, wallet, user: USER, ledgerChannel: 'yinzheng' });
  });
  afterAll(() => {
    channel.close();
    service.stop();
    rmSync(users, { recursive: true });
  });

  const read = async (from: number, to?: number, signal = new AbortController().signal): Promise<number[]> => {
    const numbers: number[] = [];
    const range = to === undefined ? { from } : { from, to };
    for await (const block of source.blocks(range, signal)) numbers.push(block.number);
    return numbers;
  };

  test('tell how many there are', async () => {
    expect(await source.height()).toBe(5);
  });

  test('come in order, and end with the range', async () => {
    expect(await read(0, 4)).toEqual([0, 1, 2, 3, 4]);
    expect(await read(2, 3)).toEqual([2, 3]);
  });

  test('wait for more where the range has no end, until they are called off', async () => {
    const stop = new AbortController();
    const numbers: number[] = [];
    const running = (async () => {
      for await (const block of source.blocks({ from: 3 }, stop.signal)) numbers.push(block.number);
    })();
    setTimeout(() => {
      stop.abort();
    }, 300);
    await expect(running).rejects.toMatchObject({ code: 'UNVERIFIABLE_NOW' });
    expect(numbers).toEqual([3, 4]);
  });

  test('are UNVERIFIABLE_NOW where the peer is away', async () => {
    const away = openChannel({ name: 'peer1', address: '127.0.0.1:9' });
    const wallet = new Wallet(users, 'ChongqingMSP');
    const gone = openBlockSource({ name: 'peer1', channel: away, wallet, user: USER, ledgerChannel: 'yinzheng' });
    await expect(gone.height()).rejects.toMatchObject({ code: 'UNVERIFIABLE_NOW' });
    away.close();
  });
});
