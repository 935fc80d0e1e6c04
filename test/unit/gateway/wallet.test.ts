import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DomainError } from '../../../domain/errors.js';
import { Wallet } from '../../../gateway/identity/wallet.js';
import { createIdentity, createUser, writeUser } from './support/identities.js';

describe('the wallet', () => {
  const users = mkdtempSync(join(tmpdir(), 'wallet-'));
  const wallet = new Wallet(users, 'ChongqingMSP');
  afterAll(() => {
    rmSync(users, { recursive: true });
  });

  const codeOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
    return 'none';
  };

  test('finds a user who was enrolled after it was opened, and reads them once', async () => {
    expect(codeOf(() => wallet.identity('clerk@chongqing.example'))).toBe('UNAUTHENTICATED');
    writeUser(users, 'clerk@chongqing.example', await createUser('clerk-07', 'clerk'));
    const identity = wallet.identity('clerk@chongqing.example');
    expect(identity.actor()).toMatchObject({ mspId: 'ChongqingMSP', name: 'clerk-07', role: 'clerk' });
    expect(wallet.identity('clerk@chongqing.example')).toBe(identity);
  });

  test('refuses a certificate that is put beside the key of another', async () => {
    const [one, other] = [await createUser('one', 'clerk'), await createUser('other', 'clerk')];
    writeUser(users, 'mixed@chongqing.example', { ...one, privateKey: other.privateKey });
    expect(codeOf(() => wallet.identity('mixed@chongqing.example'))).toBe('UNAUTHENTICATED');
  });

  test('refuses what is no certificate, and names none of it', async () => {
    const one = await createUser('one', 'clerk');
    writeUser(users, 'broken@chongqing.example', { ...one, certificate: 'SECRET' });
    expect(() => wallet.identity('broken@chongqing.example')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('SECRET') as string }) as Error,
    );
  });

  test.each(['../clerk@chongqing.example', 'clerk@chongqing.example/..', '', 'clerk', '@x', '.@x/y', 'a@b\0c'])(
    'never leaves its folder for %j',
    (name) => {
      expect(codeOf(() => wallet.identity(name))).toBe('UNAUTHENTICATED');
    },
  );

  test('knows a reader without a role, who is no actor', async () => {
    writeUser(users, 'gateway@chongqing.example', await createIdentity('gateway', undefined));
    const identity = wallet.identity('gateway@chongqing.example');
    expect(codeOf(() => identity.actor())).toBe('ACTOR_MALFORMED');
  });
});
