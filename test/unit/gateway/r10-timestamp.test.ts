import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readStampedTime, requestTimestamp } from '../../../gateway/receipts/timestamp.js';

const CONFIG = `
[req]
distinguished_name = name
[name]
[tsa]
serial = ./serial
signer_cert = ./tsa.pem
signer_key = ./tsa.key
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
[extensions]
extendedKeyUsage = critical,timeStamping
basicConstraints = CA:false
`;
const STAMPED = Buffer.from('an attestation');

/** Changes what the authority was asked, or what it answers. */
type Tamper = (bytes: Buffer) => Buffer;
const same: Tamper = (bytes) => bytes;

describe('R10: time-stamps of a real RFC 3161 authority (openssl ts)', () => {
  let folder: string;
  let server: Server;
  let asked: Tamper = same;
  let answered: Tamper = same;
  const openssl = (...parameters: string[]) => execFileSync('openssl', parameters, { cwd: folder, stdio: 'pipe' });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tsa-'));
    writeFileSync(join(folder, 'tsa.cnf'), CONFIG);
    writeFileSync(join(folder, 'serial'), '01\n');
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'tsa.key');
    const subject = ['-subj', '/CN=test authority', '-days', '2'];
    openssl(
      ...['req', '-new', '-x509', '-key', 'tsa.key', '-config', 'tsa.cnf'],
      ...subject,
      ...['-extensions', 'extensions', '-out', 'tsa.pem'],
    );
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        writeFileSync(join(folder, 'query'), asked(Buffer.concat(parts)));
        openssl('ts', '-reply', '-config', 'tsa.cnf', '-section', 'tsa', '-queryfile', 'query', '-out', 'reply');
        response.setHeader('content-type', 'application/timestamp-reply');
        response.end(answered(readFileSync(join(folder, 'reply'))));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    asked = same;
    answered = same;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test('the token is about what was sent, and openssl verifies it', async () => {
    const token = await requestTimestamp(url(), STAMPED);
    writeFileSync(join(folder, 'token'), token);
    writeFileSync(join(folder, 'data'), STAMPED);
    const checked = spawnSync(
      'openssl',
      ['ts', '-verify', '-data', 'data', '-in', 'token', '-token_in', '-CAfile', 'tsa.pem', '-partial_chain'],
      { cwd: folder },
    );
    expect(checked.stdout.toString() + checked.stderr.toString()).toContain('Verification: OK');
    expect(Math.abs(Date.parse(readStampedTime(token)) - Date.now())).toBeLessThan(60_000);
  });

  test.each<[string, { asked?: Tamper; answered?: Tamper }]>([
    ['over another digest', { asked: (query) => replaced(query, createHash('sha256').update(STAMPED).digest()) }],
    ['that cannot be read', { answered: (reply) => reply.subarray(0, 40) }],
    ['of an old request', { answered: () => readFileSync(join(folder, 'old')) }],
  ])('a token %s is no token, and nothing is issued', async (what, tamper) => {
    if (what === 'of an old request') {
      await requestTimestamp(url(), STAMPED);
      writeFileSync(join(folder, 'old'), readFileSync(join(folder, 'reply')));
    }
    asked = tamper.asked ?? same;
    answered = tamper.answered ?? same;
    await expect(requestTimestamp(url(), STAMPED)).rejects.toMatchObject({ code: 'UNVERIFIABLE_NOW' });
  });

  test('an authority that is away is an outage', async () => {
    await expect(requestTimestamp('http://127.0.0.1:9/', STAMPED)).rejects.toMatchObject({ code: 'UNVERIFIABLE_NOW' });
  });
});

/** A query whose digest has one bit changed. */
function replaced(query: Buffer, digest: Buffer): Buffer {
  const changed = Buffer.from(query);
  const place = changed.indexOf(digest);
  changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
  return changed;
}
