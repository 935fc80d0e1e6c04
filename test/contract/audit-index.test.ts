import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { AuditIndex } from '../../gateway/audit/audit-index.js';
import { AuditQuery } from '../../gateway/audit/query.js';
import { CHAINCODE, chainOf, transactionOf } from '../unit/gateway/support/blocks.js';
import { registered } from '../unit/gateway/support/records.js';
import { spawnTypescript } from '../support/typescript-process.js';
import { auditIndexContract } from './audit-index.js';
import { longChain } from './long-chain.js';

/** More than a writer gets done before it is killed. */
const CHAIN_LENGTH = 20_000;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'audit-index-'));
  folders.push(folder);
  return join(folder, 'sub', 'index.sqlite');
}

function execute(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

auditIndexContract('node:sqlite file', () => {
  const file = newFile();
  return {
    open: () => new AuditIndex(file, CHAINCODE),
    // The checkpoint is the row of `block`, written last; a trigger stands for whatever may fail there.
    failCheckpoint: () => {
      execute(file, `CREATE TRIGGER fail BEFORE INSERT ON block BEGIN SELECT RAISE(ABORT, 'disk fault'); END`);
    },
    heal: () => {
      execute(file, 'DROP TRIGGER fail');
    },
  };
});

describe('the file of the audit index', () => {
  test('of another schema is built anew', () => {
    const file = newFile();
    const [genesis] = chainOf();
    const old = new AuditIndex(file, CHAINCODE);
    if (genesis !== undefined) old.append(genesis);
    old.close();
    execute(file, 'PRAGMA user_version = 99');
    const index = new AuditIndex(file, CHAINCODE);
    expect(index.tip()).toBeUndefined();
    index.close();
  });

  test('deleted and written again from the same blocks holds equal rows', () => {
    const chain = chainOf(transactionOf('a', registered('a')), transactionOf('b', registered('b')));
    const read = (file: string) => {
      const index = new AuditIndex(file, CHAINCODE);
      for (const block of chain) index.append(block);
      const rows = new AuditQuery(index).events({}, 100);
      index.close();
      return rows;
    };
    expect(read(newFile())).toEqual(read(newFile()));
  });

  // Held back to a short run here: each round kills a writer wherever it is and looks at what is left.
  test('after kill -9 of its writer holds whole blocks up to its checkpoint, and nothing beyond', async () => {
    const file = newFile();
    const chain = [...longChain(CHAIN_LENGTH)];
    let last = -1;
    for (let round = 0; round < 3; round += 1) {
      await killWriter(file, 300 + round * 150);
      const index = new AuditIndex(file, CHAINCODE);
      const tip = index.tip()?.number ?? -1;
      const events = new AuditQuery(index).events({}, 2 * CHAIN_LENGTH);
      expect(events.map(({ blockNumber }) => blockNumber)).toEqual(
        chain.slice(0, tip + 1).flatMap(({ number, transactions }) => transactions.map(() => number)),
      );
      index.close();
      expect(tip).toBeGreaterThan(last);
      expect(tip).toBeLessThan(CHAIN_LENGTH - 1);
      last = tip;
    }
  }, 60_000);
});

/** The writer is another process that holds the index as the gateway does; its blocks are those of `longChain`. */
async function killWriter(file: string, afterMs: number): Promise<void> {
  const child = spawnTypescript('test/contract/audit-index-writer.ts', [file, String(CHAIN_LENGTH)]);
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await once(child, 'exit');
}
