import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readStampedTime, requestTimestamp, type Stamper } from '../../../gateway/receipts/timestamp.js';
import { StampServer, type Tamper } from '../../support/receipts/stamp-server.js';

const STAMPED = Buffer.from('an attestation');

describe('R10: time-stamps of a real RFC 3161 authority (openssl ts)', () => {
  let server: StampServer;
  const stamper = (policies: readonly string[] = []): Stamper => ({
    url: server.url,
    authority: { certificate: server.stamper.rootPem, policies },
  });

  beforeAll(async () => {
    server = await StampServer.start();
  });
  afterEach(() => {
    server.honest();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  test('the token is about what was sent, and openssl verifies it', async () => {
    const token = await requestTimestamp(stamper(['1.2.3.4.1']), STAMPED);
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    writeFileSync(join(folder, 'token'), token);
    writeFileSync(join(folder, 'data'), STAMPED);
    const given = ['-data', 'data', '-in', 'token', '-token_in', '-CAfile', server.stamper.rootFile];
    const checked = execFileSync('openssl', ['ts', '-verify', ...given], { cwd: folder, stdio: 'pipe' }).toString();
    rmSync(folder, { recursive: true });
    expect(checked).toContain('Verification: OK');
    expect(Math.abs(Date.parse(readStampedTime(token)) - Date.now())).toBeLessThan(60_000);
  });

  const old: Buffer[] = [];
  const replayed: Tamper = (reply) => {
    old.push(reply);
    return old[0] ?? reply;
  };
  test.each<[string, Partial<Pick<StampServer, 'asked' | 'answered' | 'signer'>>, string]>([
    ['over another digest', { asked: (query) => replaced(query) }, 'TOKEN_IMPRINT'],
    ['of an old request, whose nonce is another', { answered: replayed }, 'TOKEN_NONCE'],
    ['by a certificate that had ended', { signer: 'expired' }, 'TOKEN_CERTIFICATE'],
    ['with one bit of its signature changed', { answered: flipped }, 'TOKEN_SIGNATURE'],
  ])('a token %s is an INVALID_TIMESTAMP, and nothing is issued', async (_, tamper, reason) => {
    if (tamper.answered === replayed) {
      server.answered = replayed;
      await requestTimestamp(stamper(), STAMPED);
    }
    Object.assign(server, tamper);
    await expect(requestTimestamp(stamper(), STAMPED)).rejects.toMatchObject({
      code: 'INVALID_TIMESTAMP',
      details: { reason },
    });
  });

  test('a token under another policy, or of another authority, is an INVALID_TIMESTAMP', async () => {
    await expect(requestTimestamp(stamper(['1.2.3.4.2']), STAMPED)).rejects.toMatchObject({
      details: { reason: 'TOKEN_POLICY' },
    });
    await using other = await StampServer.start();
    const authority = { certificate: other.stamper.rootPem, policies: [] };
    await expect(requestTimestamp({ url: server.url, authority }, STAMPED)).rejects.toMatchObject({
      code: 'INVALID_TIMESTAMP',
      details: { reason: 'TOKEN_AUTHORITY' },
    });
  });

  test('an authority that is away, or gives nothing that can be read, is an outage', async () => {
    const away = { ...stamper(), url: 'http://127.0.0.1:9/' };
    await expect(requestTimestamp(away, STAMPED)).rejects.toMatchObject({ code: 'UNVERIFIABLE_NOW' });
    server.answered = (reply) => reply.subarray(0, 40);
    await expect(requestTimestamp(stamper(), STAMPED)).rejects.toMatchObject({ code: 'UNVERIFIABLE_NOW' });
  });
});

/** A query whose digest has one bit changed. */
function replaced(query: Buffer): Buffer {
  const changed = Buffer.from(query);
  const place = changed.indexOf(createHash('sha256').update(STAMPED).digest());
  changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
  return changed;
}

/** A reply ends in its signature. */
function flipped(reply: Buffer): Buffer {
  const changed = Buffer.from(reply);
  changed.writeUInt8(changed.readUInt8(reply.length - 5) ^ 1, reply.length - 5);
  return changed;
}
