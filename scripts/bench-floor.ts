import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { Client, credentials, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { ClassicLevel } from 'classic-level';

import { CertificateAuthority } from '../network/ca/certificate-authority.js';

/** Something that the network does for a transaction whatever its code is like. */
interface Part {
  readonly what: string;
  /** How often for one `register`: two endorsers, four peers, blocks of `perBlock`. */
  readonly times: number;
  /** Processor milliseconds of the network's own end for one. */
  readonly ms: number;
}

const usage = 'usage: scripts/bench floor [--per-block 16] [--json]\n';
const measureMs = 1_500;
/** What `register` writes into a peer's index: five values, their history, the transaction's id. */
const entriesPerTransaction = 11;
const peers = 4;
const endorsers = 2;
const keyBytes = 100;
const valueBytes = 420;
const transactionBytes = 7_500;
const messageBytes = 1_500;

function readOptions(): { readonly perBlock: number; readonly json: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: { 'per-block': { type: 'string', default: '16' }, json: { type: 'boolean', default: false } },
    });
    const perBlock = Number(values['per-block']);
    return Number.isInteger(perBlock) && perBlock >= 1 && perBlock <= 500 ? { perBlock, json: values.json } : undefined;
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

/** Processor milliseconds of the whole process for one act; a share of it where others take part in it. */
async function costOf(act: () => unknown, share = 1): Promise<number> {
  for (let count = 0; count < 100; count += 1) await act();
  const fromMs = performance.now();
  const before = process.cpuUsage();
  let done = 0;
  for (; performance.now() - fromMs < measureMs; done += 1) await act();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1_000 / done) * share;
}

async function signatures(): Promise<{ readonly signMs: number; readonly verifyMs: number }> {
  const { privateKeyPem } = (await CertificateAuthority.create('ca', 'bench', Date.now())).material;
  const key = createPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(key);
  const message = randomBytes(messageBytes);
  const signature = sign('sha256', message, key);
  return {
    signMs: await costOf(() => sign('sha256', message, key)),
    verifyMs: await costOf(() => verify('sha256', message, publicKey, signature)),
  };
}

/** A block appended and synchronised, and the same block's changes of one index. */
async function disk(
  folder: string,
  perBlock: number,
): Promise<{ readonly appendMs: number; readonly batchMs: number }> {
  const file = await open(join(folder, 'blocks'), 'w');
  const block = randomBytes(transactionBytes * perBlock);
  const appendMs = await costOf(async () => {
    await file.write(block);
    await file.datasync();
  });
  await file.close();
  const index = new ClassicLevel<Buffer, Buffer>(join(folder, 'index'), {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
  });
  const batchMs = await costOf(() =>
    index.batch(
      Array.from({ length: entriesPerTransaction * perBlock }, () => ({
        type: 'put' as const,
        key: randomBytes(keyBytes),
        value: randomBytes(valueBytes),
      })),
    ),
  );
  await index.close();
  return { appendMs, batchMs };
}

/** Messages through gRPC over TLS. Both ends are in this process, so that one end is half. */
async function messages(): Promise<{ readonly streamedMs: number; readonly calledMs: number }> {
  const authority = await CertificateAuthority.create('ca', 'bench', Date.now());
  const { certificatePem, privateKeyPem } = await authority.issue(
    { commonName: 'localhost', tls: { dnsNames: ['localhost'], ipAddresses: [] } },
    Date.now(),
  );
  const pass = (bytes: Buffer): Buffer => bytes;
  const codec = {
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  };
  const service = {
    stream: { path: '/bench/stream', requestStream: true, responseStream: true, ...codec },
    call: { path: '/bench/call', requestStream: false, responseStream: false, ...codec },
  } satisfies ServiceDefinition;
  const server = new Server();
  server.addService(service, {
    stream: (both: NodeJS.ReadWriteStream) => both.on('data', (bytes: Buffer) => both.write(bytes)),
    call: (call: { request: Buffer }, answer: (error: null, bytes: Buffer) => void) => {
      answer(null, call.request);
    },
  });
  const tls = { cert_chain: Buffer.from(certificatePem), private_key: Buffer.from(privateKeyPem) };
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [tls]), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const trusted = credentials.createSsl(Buffer.from(authority.material.certificatePem));
  const client = new Client(`127.0.0.1:${port}`, trusted, { 'grpc.ssl_target_name_override': 'localhost' });
  const message = randomBytes(messageBytes);
  const stream = client.makeBidiStreamRequest<Buffer, Buffer>('/bench/stream', pass, pass);
  stream.on('error', () => undefined); // It is cancelled below.
  // There and back: each end sends one message and receives one.
  const streamedMs = await costOf(
    () =>
      new Promise((resolve) => {
        stream.once('data', resolve);
        stream.write(message);
      }),
    1 / 4,
  );
  const calledMs = await costOf(
    () =>
      new Promise((resolve) => {
        client.makeUnaryRequest('/bench/call', pass, pass, message, resolve);
      }),
    1 / 2,
  );
  stream.cancel();
  client.close();
  server.forceShutdown();
  return { streamedMs, calledMs };
}

async function measureParts(folder: string, perBlock: number): Promise<Part[]> {
  const { signMs, verifyMs } = await signatures();
  const { appendMs, batchMs } = await disk(folder, perBlock);
  const { streamedMs, calledMs } = await messages();
  return [
    { what: 'signatures verified: proposal, envelope', times: 2, ms: verifyMs },
    { what: 'signatures made: endorsements, block', times: endorsers + 1 / perBlock, ms: signMs },
    { what: 'shim messages, two writes in one', times: 6 * endorsers, ms: streamedMs },
    { what: 'calls of the client: endorse, submit', times: 2, ms: calledMs },
    { what: 'blocks appended and synchronised', times: peers / perBlock, ms: appendMs },
    { what: "blocks' changes of an index, in one batch", times: peers / perBlock, ms: batchMs },
  ];
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const { perBlock, json } = options;
  const folder = mkdtempSync(join(tmpdir(), 'yinzheng-floor-'));
  try {
    const parts = await measureParts(folder, perBlock);
    const floorMs = round(parts.reduce((sum, { times, ms }) => sum + times * ms, 0));
    const rows = parts.map(({ what, times, ms }) => ({
      what,
      times: round(times),
      ms: round(ms),
      perTransaction: round(times * ms),
    }));
    if (json) process.stdout.write(`${JSON.stringify({ perBlock, parts: rows, floorMs })}\n`);
    else {
      const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
      process.stdout.write(
        [
          line(['part', 'times', 'CPU ms each', 'CPU ms per transaction']),
          line(['---', '---', '---', '---']),
          ...rows.map(({ what, times, ms, perTransaction }) => line([what, times, ms, perTransaction])),
          line(['floor', '', '', floorMs]),
          '',
        ].join('\n'),
      );
    }
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main().then((exit) => {
  process.exitCode = exit;
});
