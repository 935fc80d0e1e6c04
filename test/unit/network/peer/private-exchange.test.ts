import { CollectionRules } from '../../../../network/embedded/commit/collection-rules.js';
import { type Verdicts } from '../../../../network/embedded/commit/judge-block.js';
import { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import { type PolicySubject } from '../../../../network/embedded/msp/identity.js';
import { PrivateExchange, type PrivateNeighbour } from '../../../../network/embedded/peer/private-exchange.js';
import { type PrivateRwSet } from '../../../../network/embedded/wire/private-rwset.js';
import { type CollectionRwSet } from '../../../../network/embedded/wire/rwset.js';
import { encodeKvRwSet } from '../../../../network/embedded/wire/rwset-writer.js';
import { CHAINCODE, COLLECTION, ORGS, sha256, TestChannel } from '../commit/test-channel.js';
import { inFolder } from '../ledger/ledger-folder.js';

const NONE = new Uint8Array(0);
const place = { namespace: CHAINCODE, collection: COLLECTION };
const peerOf = (mspId: string): PolicySubject => ({ mspId, role: 'peer' });

/** A set that writes one key, and what a block would show of it. */
function setOf(value: string): { set: PrivateRwSet; hashed: CollectionRwSet } {
  const writes = [{ key: 'k', isDelete: false, value: Buffer.from(value) }];
  const bytes = encodeKvRwSet({ reads: [], ranges: [], writes, metadataWrites: [] });
  const hashedWrite = { keyHash: sha256('k'), isDelete: false, valueHash: sha256(value), isPurge: false };
  return {
    set: { ...place, bytes },
    hashed: {
      collection: COLLECTION,
      reads: [],
      writes: [hashedWrite],
      metadataWrites: [],
      privateHash: sha256(bytes as unknown as string),
    },
  };
}

/** Verdicts on a block whose one transaction wrote to the collection. */
function verdictsOn(collection: CollectionRwSet): Verdicts {
  const rwset = [
    { namespace: CHAINCODE, reads: [], ranges: [], writes: [], metadataWrites: [], collections: [collection] },
  ];
  return { transactions: [{ txId: 'tx', code: 0, envelope: undefined, rwset }] } as unknown as Verdicts;
}

/** A neighbour that notes what it is given, and answers what it is told to. */
function neighbour(mspId: string, answer?: Uint8Array): PrivateNeighbour & { readonly given: PrivateRwSet[] } {
  const given: PrivateRwSet[] = [];
  return {
    identity: peerOf(mspId),
    given,
    acceptPrivate: (_txId, sets) => Promise.resolve(void given.push(...sets)),
    providePrivate: () => Promise.resolve(answer),
  };
}

let rules: CollectionRules;
beforeAll(async () => {
  const channel = await TestChannel.create();
  await channel.define(); // The collection's members are AMSP and BMSP.
  rules = new CollectionRules(channel.state, ORGS);
});

/** An exchange of one organisation's peer, on an empty ledger. */
async function withExchange(
  mspId: string,
  neighbours: readonly PrivateNeighbour[],
  use: (exchange: PrivateExchange, ledger: PeerLedger) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const ledger = await PeerLedger.open(folder);
    const context = { ledger, channelId: () => 'c', identity: () => peerOf(mspId), rulesOf: () => rules };
    const exchange = new PrivateExchange(context);
    exchange.meet(() => neighbours);
    await use(exchange, ledger);
    await ledger.close();
  });
}

const { set, hashed } = setOf('secret');
const transientOf = (ledger: PeerLedger) =>
  ledger.private.transient.set({ ...place, txId: 'tx', setHash: hashed.privateHash });
const wanted = { ...place, txId: 'tx', blockNumber: 2n, txIndex: 0, hashed };

test('an endorser hands plain text to members only, and keeps it only where it is one itself', async () => {
  const [member, stranger] = [neighbour('BMSP'), neighbour('CMSP')];
  await withExchange('AMSP', [member, stranger], async (exchange, ledger) => {
    await exchange.distribute('tx', [set], rules);
    expect([member.given, stranger.given]).toEqual([[set], []]);
    expect(transientOf(ledger)).toBeDefined();
  });
  await withExchange('CMSP', [member], async (exchange, ledger) => {
    await exchange.distribute('tx', [set], rules);
    expect(transientOf(ledger)).toBeUndefined();
  });
});

test('a peer that is no member leaves what it is handed by mistake', () =>
  withExchange('CMSP', [], async (exchange, ledger) => {
    await exchange.accept('tx', [set]);
    expect(transientOf(ledger)).toBeUndefined();
  }));

test('plain text is given to members only', () =>
  withExchange('AMSP', [], async (exchange) => {
    await exchange.accept('tx', [set]);
    expect(Buffer.from((await exchange.provide(wanted, peerOf('BMSP'))) ?? [])).toEqual(Buffer.from(set.bytes));
    expect(await exchange.provide(wanted, peerOf('CMSP'))).toBeUndefined();
    expect(await exchange.provide(wanted, { mspId: 'DMSP', role: 'peer' })).toBeUndefined();
  }));

describe('what a neighbour answers', () => {
  /** What a peer of BMSP gathers for block 2, whose one transaction wrote `hashed`. */
  async function gathered(mspId: string, answers: readonly PrivateNeighbour[]): Promise<[number, number]> {
    let counts: [number, number] = [0, 0];
    await withExchange(mspId, answers, async (exchange) => {
      const { sets, missing } = await exchange.gather(2n, verdictsOn(hashed), rules);
      counts = [sets.length, missing.length];
    });
    return counts;
  }

  test('counts when the block has its hash', async () => {
    expect(await gathered('BMSP', [neighbour('AMSP', set.bytes)])).toEqual([1, 0]);
  });

  test('is passed over when it says something else, for the next one that does not', async () => {
    const liar = neighbour('AMSP', setOf('forged').set.bytes);
    expect(await gathered('BMSP', [liar])).toEqual([0, 1]);
    expect(await gathered('BMSP', [neighbour('AMSP', Buffer.from('0aff', 'hex')), liar])).toEqual([0, 1]);
    expect(await gathered('BMSP', [liar, neighbour('AMSP', set.bytes)])).toEqual([1, 0]);
  });

  test('is not asked for by a stranger, nor from one', async () => {
    expect(await gathered('CMSP', [neighbour('AMSP', set.bytes)])).toEqual([0, 1]);
    expect(await gathered('BMSP', [neighbour('CMSP', set.bytes)])).toEqual([0, 1]);
  });

  test('may lack what was purged since', async () => {
    const purged = encodeKvRwSet({ reads: [], ranges: [], writes: [], metadataWrites: [] });
    expect(purged).toEqual(Buffer.from(NONE));
    expect(await gathered('BMSP', [neighbour('AMSP', purged)])).toEqual([1, 0]);
    await withExchange('BMSP', [neighbour('AMSP', purged), neighbour('AMSP', set.bytes)], async (exchange) => {
      const { sets } = await exchange.gather(2n, verdictsOn(hashed), rules);
      expect(Buffer.from(sets[0]?.bytes ?? NONE)).toEqual(Buffer.from(set.bytes)); // Whole where anybody has it whole.
    });
  });
});
