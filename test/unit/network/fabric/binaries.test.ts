import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findBinaries } from '../../../../network/fabric/binaries.js';
import { ManagerError } from '../../../../network/manager/manager-error.js';

const PROGRAMS = ['peer', 'orderer', 'configtxgen', 'osnadmin', 'configtxlator'];

describe("Fabric's programs", () => {
  let release: string;
  let bin: string;

  beforeEach(() => {
    release = mkdtempSync(join(tmpdir(), 'release-'));
    bin = join(release, 'bin');
    mkdirSync(bin);
    for (const program of PROGRAMS) writeFileSync(join(bin, program), '#!/bin/sh\n', { mode: 0o755 });
    mkdirSync(join(release, 'builders', 'ccaas', 'bin'), { recursive: true });
    writeFileSync(join(release, 'builders', 'ccaas', 'bin', 'build'), '');
  });
  afterEach(() => {
    rmSync(release, { recursive: true });
  });

  function refusal(environment: NodeJS.ProcessEnv): ManagerError['details'] {
    try {
      findBinaries(environment);
    } catch (error) {
      if (error instanceof ManagerError && error.code === 'FABRIC_BINARIES_MISSING') return error.details;
      throw error;
    }
    throw new Error('nothing was refused');
  }

  test('are found in FABRIC_BIN, else on PATH, with the builder of the same release', () => {
    const wanted = { peer: join(bin, 'peer'), ccaasBuilder: join(release, 'builders', 'ccaas') };
    expect(findBinaries({ FABRIC_BIN: bin, PATH: '/nowhere' })).toMatchObject(wanted);
    expect(findBinaries({ FABRIC_BIN: '', PATH: `/nowhere:${bin}` })).toMatchObject(wanted);
  });

  test('what is missing is named, with where it was looked for and where to get it', () => {
    rmSync(join(bin, 'osnadmin'));
    chmodSync(join(bin, 'orderer'), 0o644);
    const { missing, looked, wanted } = refusal({ FABRIC_BIN: bin });
    expect(missing).toBe('orderer, osnadmin');
    expect(looked).toBe(`FABRIC_BIN=${bin}`);
    expect(wanted).toContain('https://hyperledger-fabric.readthedocs.io/');
  });

  test('a release without its chaincode-as-a-service builder is not enough', () => {
    rmSync(join(release, 'builders'), { recursive: true });
    expect(refusal({ FABRIC_BIN: bin }).missing).toBe('builders/ccaas');
  });

  test('FABRIC_BIN counts alone: a half release is never completed from PATH', () => {
    const empty = join(release, 'empty');
    mkdirSync(empty);
    expect(refusal({ FABRIC_BIN: empty, PATH: bin }).missing).toBe(PROGRAMS.join(', '));
  });
});
