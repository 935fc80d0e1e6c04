import { projectBlock } from '../../gateway/audit/projection.js';
import { type AuditIndex } from '../../gateway/audit/audit-index.js';
import { AuditQuery } from '../../gateway/audit/query.js';
import { type LedgerBlock } from '../../gateway/ledger/block.js';
import { CHAINCODE, chainOf, transactionOf } from '../unit/gateway/support/blocks.js';
import { accessed, evidenceId, registered, superseded } from '../unit/gateway/support/records.js';

/** An index under test: the same data is there when it is opened again. */
export interface IndexBench {
  readonly open: () => AuditIndex;
  /** Makes the next `append` fail after its rows were written and before the checkpoint is. */
  readonly failCheckpoint: () => void;
  readonly heal: () => void;
}

const CHAIN = chainOf(
  transactionOf('a', registered('a')),
  transactionOf('b', registered('b'), {
    creator: { ...transactionOf('b', undefined).creator, commonName: 'notary-01' },
  }),
  transactionOf('a again', accessed('a'), { time: '2026-03-05T08:00:00.000Z' }),
  transactionOf('lost', accessed('b'), { code: 'MVCC_READ_CONFLICT' }),
  transactionOf('c', superseded('a', 'c')),
);

/** What every audit index promises; each store of it runs this whole suite. */
export function auditIndexContract(name: string, create: () => IndexBench): void {
  describe(`audit index contract: ${name}`, () => {
    let bench: IndexBench;
    let index: AuditIndex;
    let query: AuditQuery;
    const fill = (blocks: readonly LedgerBlock[] = CHAIN): void => {
      for (const block of blocks) index.append(block);
    };
    const reopen = (): void => {
      index.close();
      index = bench.open();
      query = new AuditQuery(index);
    };
    const rows = () => query.events({}, 1_000);
    const txOf = (name: string) => transactionOf(name, undefined).txId;

    beforeEach(() => {
      bench = create();
      index = bench.open();
      query = new AuditQuery(index);
    });
    afterEach(() => {
      index.close();
    });

    test('begins empty, without a tip', () => {
      expect(index.tip()).toBeUndefined();
      expect(rows()).toEqual([]);
      expect(query.configuration()).toBeUndefined();
    });

    test('holds every transaction in ledger order with its validation code, the invalid ones too', () => {
      fill();
      expect(rows()).toEqual(CHAIN.flatMap((block) => projectBlock(block, CHAINCODE)));
      expect(rows().map(({ code }) => code)).toContain('MVCC_READ_CONFLICT');
      expect(index.tip()).toEqual({ number: 5, hash: CHAIN[5]?.hash });
    });

    test('keeps all of it when it is opened again', () => {
      fill();
      const before = rows();
      reopen();
      expect(rows()).toEqual(before);
      expect(index.tip()?.number).toBe(5);
    });

    test('a fault between projection and checkpoint leaves neither, and the block can be indexed later', () => {
      fill(CHAIN.slice(0, 2));
      bench.failCheckpoint();
      expect(() => {
        fill(CHAIN.slice(2, 3));
      }).toThrow();
      expect(index.tip()?.number).toBe(1);
      expect(rows()).toHaveLength(2);
      bench.heal();
      reopen();
      expect(rows()).toHaveLength(2);
      fill(CHAIN.slice(2));
      expect(rows()).toEqual(CHAIN.flatMap((block) => projectBlock(block, CHAINCODE)));
    });

    test('refuses a block a second time and changes nothing', () => {
      fill(CHAIN.slice(0, 3));
      expect(() => {
        fill(CHAIN.slice(2, 3));
      }).toThrow();
      expect(rows()).toHaveLength(3);
    });

    test('stops at a valid event it does not understand, and takes an invalid one as a claim', () => {
      const odd = transactionOf('odd', undefined, {
        event: { name: 'evidence.new', payload: '{"kind":"evidence.new"}' },
      });
      const [genesis] = CHAIN;
      const [, bad] = chainOf(odd);
      const [, claim] = chainOf({ ...odd, code: 'ENDORSEMENT_POLICY_FAILURE' });
      fill(genesis && [genesis]);
      expect(() => {
        fill(bad && [bad]);
      }).toThrow(expect.objectContaining({ code: 'REQUEST_MALFORMED' }) as Error);
      expect(index.tip()?.number).toBe(0);
      fill(claim && [claim]);
      expect(rows().at(-1)).toMatchObject({ kind: null, code: 'ENDORSEMENT_POLICY_FAILURE' });
    });

    test('pages through all rows once, however small the page, while blocks arrive', () => {
      fill(CHAIN.slice(0, 3));
      const seen = [];
      for (let after = { blockNumber: -1, txIndex: 0 }; seen.length <= CHAIN.length;) {
        const [row] = query.events({ after }, 1);
        if (row === undefined) break;
        seen.push(row);
        after = row;
        const next = CHAIN[seen.length + 2];
        if (next !== undefined) index.append(next);
      }
      expect(seen).toEqual(rows());
      expect(seen).toHaveLength(CHAIN.length);
    });

    test.each([
      [{ actor: 'notary-01' }, [2]],
      [{ org: 'ZhejiangMSP' }, []],
      [{ kind: 'evidence.accessed' }, [3, 4]],
      [{ kind: 'evidence.accessed', from: '2026-03-02T00:00:00.000Z' }, [3]],
      [{ org: 'ChongqingMSP', to: '2026-03-01T08:30:00.000Z' }, [0, 1, 2, 4, 5]],
      [{ org: 'ChongqingMSP', to: '2026-03-01T08:29:59.999Z' }, []],
      [{ kind: 'config' }, [0]],
    ])('narrows the list by %j', (filter, blocks) => {
      fill();
      expect(query.events(filter, 100).map(({ blockNumber }) => blockNumber)).toEqual(blocks);
    });

    test('tells a record its whole life, also as the correction of another', () => {
      fill();
      const kinds = (name: string) => query.timeline(evidenceId(name)).map(({ kind, code }) => `${kind ?? ''} ${code}`);
      expect(kinds('a')).toEqual(['evidence.registered VALID', 'evidence.accessed VALID', 'evidence.superseded VALID']);
      expect(kinds('b')).toEqual(['evidence.registered VALID', 'evidence.accessed MVCC_READ_CONFLICT']);
      expect(kinds('c')).toEqual(['evidence.superseded VALID']);
    });

    test('places a valid transaction, never a rejected one', () => {
      fill();
      expect(query.placeOf(txOf('b'))).toEqual({ blockNumber: 2, txIndex: 0 });
      expect(query.placeOf(txOf('lost'))).toBeUndefined();
    });

    test('tells the configuration in force', () => {
      fill();
      expect(query.configuration()).toEqual({ consensus: 'BFT', organisations: ['ChongqingMSP', 'ZhejiangMSP'] });
    });
  });
}
