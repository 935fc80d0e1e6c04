import { readFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';

import { type KeyFiles, type NetworkPlan } from '../../network/plan/plan.js';
import { TestNetwork } from '../support/network/test-network.js';

let network: TestNetwork;
let plan: NetworkPlan;
beforeAll(async () => {
  network = await TestNetwork.start();
  plan = JSON.parse(readFileSync(join(network.folder.root, 'plan.json'), 'utf8')) as NetworkPlan;
});
afterAll(async () => {
  await network.close();
});

interface Port {
  readonly name: string;
  readonly port: number;
  readonly serverName: string;
  readonly tls: KeyFiles;
}

const nodes = (): Port[] =>
  [plan.orderer, ...plan.organisations].flatMap((organisation) =>
    organisation.nodes.map(({ id, port, tls }) => ({ name: id, port, serverName: id, tls })),
  );
const chaincodes = (): Port[] =>
  plan.chaincodes.flatMap(({ servers }) =>
    servers.map(({ name, port, tls }) => ({ name, port, serverName: 'localhost', tls })),
  );

/** How a connection fares: `open` when the server keeps it for a while, `closed` or an error code when it does not. */
async function shake({ port, serverName, tls }: Port, more: ConnectionOptions = {}): Promise<string> {
  const options = {
    host: '127.0.0.1',
    port,
    servername: serverName,
    ca: readFileSync(tls.caFile),
    ALPNProtocols: ['h2'],
  };
  return new Promise((resolve) => {
    const socket = connect({ ...options, ...more }, () => {
      // With TLS 1.3 a server judges a client's certificate only after the client believes to be connected.
      setTimeout(() => {
        resolve('open');
        socket.destroy();
      }, 200);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    socket.once('close', () => {
      resolve('closed');
    });
    socket.resume();
  });
}

const keyPair = ({ certificateFile, privateKeyFile }: KeyFiles) => ({
  cert: readFileSync(certificateFile),
  key: readFileSync(privateKeyFile),
});

/** Local addresses that listen on a port, as the kernel lists them. */
function listeners(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, local = '', , state]) =>
        state === '0A' && local.endsWith(`:${hex}`) ? [local.split(':')[0] ?? ''] : [],
      ),
  );
}

test('every port listens on the loopback address and on nothing else', () => {
  const ports = [...nodes(), ...chaincodes()];
  expect(ports).toHaveLength(6);
  for (const { port } of ports) expect(listeners(port)).toEqual(['0100007F']);
});

test('peers and orderer show certificates of their own organisation', async () => {
  for (const node of nodes()) expect(await shake(node)).toBe('open');
});

test('no port speaks to a client without TLS', async () => {
  for (const { port } of [...nodes(), ...chaincodes()]) {
    const answer = await new Promise<Buffer>((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connectPlain({ host: '127.0.0.1', port }, () => socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        resolve(Buffer.concat(chunks));
      });
    });
    const isTlsAlert = answer[0] === 0x15;
    expect(answer.length === 0 || isTlsAlert).toBe(true);
  }
});

test('a chaincode server lets in the peers that it serves, and nobody else', async () => {
  const [server] = chaincodes();
  const [peer] = plan.organisations[1]?.nodes ?? [];
  if (server === undefined || peer === undefined) throw new Error('the plan lacks a chaincode or a peer');
  expect(await shake(server, keyPair(peer.tls))).toBe('open');
  expect(await shake(server)).toMatch(/^(ERR_SSL.*|ECONNRESET|closed)$/);
  const [stranger] = plan.orderer.nodes; // Of an authority that the chaincode does not know.
  if (stranger === undefined) throw new Error('the plan lacks an orderer');
  expect(await shake(server, keyPair(stranger.tls))).toMatch(/^(ERR_SSL.*|ECONNRESET|closed)$/);
});
