import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openChannel } from '../../../gateway/ledger/connection.js';
import { openBlockSource } from '../../../gateway/ledger/deliver.js';
import { LinkWatch } from '../../../gateway/ledger/link-watch.js';
import { type PeerLink } from '../../../gateway/ledger/peer-link.js';
import { type BlockSource } from '../../../gateway/ledger/port.js';
import { Wallet } from '../../../gateway/identity/wallet.js';
import { pollFor } from '../../../network/manager/poll.js';
import { peerBlockBytes } from '../../vectors/vectors.js';
import { GatewayService } from './support/gateway-service.js';
import { createUser, writeUser } from './support/identities.js';
import { TcpProxy } from './support/tcp-proxy.js';

const USER = 'gateway@chongqing.example';
/** Silence that is looked for, and the bound of a question: together what a cut may cost, milliseconds. */
const SILENCE_MS = 300;
const BACK_MS_MAX = 8_000;

describe('a connection that is dead and does not say so', () => {
  let users: string;
  let service: GatewayService;
  let proxy: TcpProxy;
  let link: PeerLink;
  let source: BlockSource;
  let watch: LinkWatch;
  let givenUp: number[];

  beforeEach(async () => {
    users = mkdtempSync(join(tmpdir(), 'watch-'));
    writeUser(users, USER, await createUser('gateway', 'auditor'));
    service = new GatewayService({ blocks: [0, 1, 2].map(peerBlockBytes) });
    await service.start();
    proxy = await TcpProxy.start(service.address);
    link = openChannel({ name: 'peer0', address: proxy.address });
    const wallet = new Wallet(users, 'ChongqingMSP');
    source = openBlockSource({ name: 'peer0', channel: link, wallet, user: USER, ledgerChannel: 'yinzheng' });
    givenUp = [];
    watch = new LinkWatch({ link, source, warn: (ms) => void givenUp.push(ms), silenceMs: SILENCE_MS });
  });
  afterEach(() => {
    watch.close();
    link.close();
    proxy.close();
    service.stop();
    rmSync(users, { recursive: true });
  });

  const back = () =>
    pollFor(BACK_MS_MAX, async () => (await source.height().catch(() => undefined)) !== undefined || undefined, 50);

  test('is given up, its stream ends, and the next call is answered', async () => {
    expect(await source.height()).toBe(3);
    const stop = new AbortController();
    const seen: number[] = [];
    const read = (async () => {
      for await (const block of source.blocks({ from: 0 }, stop.signal)) seen.push(block.number);
    })();
    await pollFor(BACK_MS_MAX, () => seen.length === 3 || undefined, 20);
    const ended = expect(read).rejects.toMatchObject({ code: 'UNVERIFIABLE_NOW' });
    watch.start();
    proxy.cut(false);
    await ended;
    expect(await back()).toBe(true);
    expect(givenUp).toHaveLength(1);
  }, 20_000);

  test('is given up again while nothing comes through, until something does', async () => {
    expect(await source.height()).toBe(3);
    watch.start();
    proxy.cut(true);
    await pollFor(BACK_MS_MAX, () => givenUp.length > 0 || undefined, 50);
    expect(givenUp).toHaveLength(1);
    proxy.mend();
    expect(await back()).toBe(true);
  }, 30_000);

  test('is another thing than a peer that is down, or one that is only quiet', async () => {
    expect(await source.height()).toBe(3);
    const { client } = link;
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS + 50));
    await watch.look(); // Quiet: it is asked, and answers.
    proxy.close();
    service.stop();
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS + 50));
    await watch.look(); // Down: grpc is refused at once, and tries again by itself.
    expect(givenUp).toEqual([]);
    expect(link.client).toBe(client);
  });
});
