import { ledger as fabricLedger, peer } from '@hyperledger/fabric-protos';

import { readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import { serializeIdentity } from '../../../../network/embedded/msp/msp.js';
import { Peer } from '../../../../network/embedded/peer/peer.js';
import { encodeBlock, readBlock } from '../../../../network/embedded/wire/block.js';
import { readCommitHash, readTransactionsFilter, withVerdicts } from '../../../../network/embedded/wire/metadata.js';
import { codeNamesOf, type DecodedNamespace, decodedSets } from '../../../vectors/decoded.js';
import { BLOCK_NUMBERS, certificatePem, peerBlockBytes } from '../../../vectors/vectors.js';
import { collect } from '../commit/memory-state.js';
import { type EarlierKey, earlierKeys, isKept } from '../commit/vector-chain.js';
import { crossGap, landOn } from '../ledger/gap.js';
import { inFolder, judgeFor } from '../ledger/ledger-folder.js';

const NONE = new Uint8Array(0);
const { HashedRWSet } = fabricLedger.rwset.kvrwset;

/** A peer of the real network, of which no key is kept: it judges and commits, and endorses nothing. */
async function openPeer(ledger: PeerLedger): Promise<Peer> {
  const certificate = certificatePem('beijing.example/certs/peer0.beijing.example-cert.pem');
  const identityBytes = serializeIdentity('BeijingMSP', certificate);
  const sign = (): never => {
    throw new Error('no key of the real network is kept');
  };
  return Peer.open({
    mspId: 'BeijingMSP',
    address: '127.0.0.1:1',
    signer: { mspId: 'BeijingMSP', identityBytes, sign },
    ledger,
    chaincodes: new Map(),
    packages: { deployed: () => [], installed: () => [], install: notHere, load: notHere, streamOf: () => undefined },
    joined: () => new Map(),
    nowMs: () => 0,
  });
}

function notHere(): never {
  throw new Error('nothing is installed');
}

/** An entry of the state, to be compared. */
interface Entry {
  readonly value: string;
  readonly version: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The state that follows from Fabric's own decoding of the blocks, and from the keys of blocks that are not kept. */
class ExpectedState {
  /** By namespace, collection and key; of private keys the hash in Base64. */
  readonly entries = new Map<string, Entry>();

  add({ namespace, collection, key, entry }: EarlierKey): void {
    const { blockNumber, txIndex } = entry.version;
    const name = collection === '' ? key : Buffer.from(key, 'hex').toString('base64');
    const metadata = Object.fromEntries([...entry.metadata].map(([each, bytes]) => [each, base64(bytes)]));
    const version = `${blockNumber}:${txIndex}`;
    this.entries.set(JSON.stringify([namespace, collection, name]), { value: base64(entry.value), version, metadata });
  }

  apply(number: number): void {
    const codes = codeNamesOf(number);
    decodedSets(number).forEach((sets, index) => {
      for (const set of codes[index] === 'VALID' ? sets : []) this.#applySet(set, `${number}:${index}`);
    });
  }

  #applySet({ namespace, rwset, collection_hashed_rwset: collections }: DecodedNamespace, version: string): void {
    for (const write of rwset?.writes ?? []) this.#write([namespace, '', write.key], version, write);
    for (const { key, entries } of rwset?.metadata_writes ?? []) this.#describe([namespace, '', key], version, entries);
    for (const { collection_name: collection, hashed_rwset: bytes } of collections) {
      const hashed = HashedRWSet.deserializeBinary(Buffer.from(bytes, 'base64'));
      for (const write of hashed.getHashedWritesList()) {
        const value = write.getValueHash_asB64();
        const at = [namespace, collection, write.getKeyHash_asB64()] as const;
        this.#write(at, version, { is_delete: write.getIsDelete(), value });
      }
      expect(hashed.getMetadataWritesList()).toEqual([]); // No vector has any.
    }
  }

  #write(at: readonly string[], version: string, write: { readonly is_delete: boolean; readonly value: string }): void {
    const id = JSON.stringify(at);
    if (write.is_delete) this.entries.delete(id);
    else this.entries.set(id, { value: write.value, version, metadata: this.entries.get(id)?.metadata ?? {} });
  }

  #describe(
    at: readonly string[],
    version: string,
    entries: readonly { readonly name: string; readonly value: string }[],
  ): void {
    const id = JSON.stringify(at);
    const metadata = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
    const before = this.entries.get(id);
    if (before !== undefined) this.entries.set(id, { ...before, version, metadata });
  }
}

/** What the ledger holds of the public namespaces, and of the private keys that are expected. */
async function stateOf(ledger: PeerLedger, expected: ExpectedState): Promise<Map<string, Entry>> {
  const state = ledger.openState();
  const found = new Map<string, Entry>();
  const note = (id: readonly string[], entry: ReturnType<typeof state.get>): void => {
    if (entry === undefined) return;
    const metadata = Object.fromEntries([...entry.metadata].map(([name, bytes]) => [name, base64(bytes)]));
    const version = `${entry.version.blockNumber}:${entry.version.txIndex}`;
    found.set(JSON.stringify(id), { value: base64(entry.value), version, metadata });
  };
  for (const namespace of ['_lifecycle', 'evidence']) {
    for (const { key, entry } of await collect(state.range(namespace, '', ''))) note([namespace, '', key], entry);
  }
  for (const id of expected.entries.keys()) {
    const [namespace = '', collection = '', key = ''] = JSON.parse(id) as string[];
    if (collection !== '') {
      note([namespace, collection, key], state.getHashed(namespace, collection, Buffer.from(key, 'base64')));
    }
  }
  await state.close();
  return found;
}

const namesOf = (bytes: Uint8Array): string[] => {
  const names = Object.entries(peer.TxValidationCode);
  return [...readTransactionsFilter(readBlock(bytes))].map((code) => names.find((each) => each[1] === code)?.[0] ?? '');
};

/** A block as the peer had it before it judged it. */
const asReceived = (number: number) => withVerdicts(readBlock(peerBlockBytes(number)), [], NONE);

test('a fresh peer replays every kept block of a real network to the same codes, bytes and state', () =>
  inFolder(async (folder) => {
    const open = () => PeerLedger.open(folder, { fsync: false });
    let ledger = await open();
    await ledger.commit(asReceived(0), await judgeFor(ledger, asReceived(0), readChannelConfig(peerBlockBytes(0))));
    let peer = await openPeer(ledger);
    const expected = new ExpectedState();
    for (const number of BLOCK_NUMBERS) {
      const real = peerBlockBytes(number);
      const follows = number === 0 || isKept(number - 1);
      if (!follows) {
        const state = ledger.openState();
        const earlier = earlierKeys(state, readBlock(real));
        await state.close();
        earlier.forEach((key) => {
          expected.add(key);
        });
        await ledger.close();
        const linked = await crossGap(folder, asReceived(number), earlier);
        ledger = await open();
        peer = await openPeer(ledger);
        await peer.commit(linked);
      } else if (number > 0) await peer.commit(asReceived(number));

      const stored = await ledger.blockBytes(BigInt(number));
      expect([number, namesOf(stored)]).toEqual([number, codeNamesOf(number)]);
      expect(peer.channel.config.getSequence()).toBe(number < 21 ? 0 : 1); // Block 21 configures the channel.
      expected.apply(number);
      expect(await stateOf(ledger, expected)).toEqual(expected.entries);
      if (follows) expect(Buffer.from(stored).equals(real)).toBe(true);
      else {
        // Its past is not kept: but for the two hashes that lean on it, it is what the real peer stored.
        const { previousHash } = readBlock(real);
        const codes = readTransactionsFilter(readBlock(stored));
        const leaning = withVerdicts({ ...readBlock(stored), previousHash }, codes, readCommitHash(readBlock(real)));
        expect(Buffer.from(encodeBlock(leaning)).equals(real)).toBe(true);
        await ledger.close();
        await landOn(folder, real);
        ledger = await open();
        peer = await openPeer(ledger);
      }
    }
    expect([ledger.height, ledger.lastConfig]).toEqual([22n, 21n]);
    await ledger.close();
  }));
