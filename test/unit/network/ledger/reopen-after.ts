import { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import { DiskFault, type Fault, FaultyDisk } from './faulty-disk.js';

/** Commits up to the block of a fault, meets the fault in that block, and opens the ledger again on a sound disk. */
export async function reopenAfter(
  folder: string,
  row: Fault & { readonly block: number },
  commit: (ledger: PeerLedger, from: number, to: number) => Promise<void>,
): Promise<PeerLedger> {
  const disk = new FaultyDisk();
  const ledger = await PeerLedger.open(folder, { disk });
  await commit(ledger, 0, row.block);
  disk.arm(row);
  await expect(commit(ledger, row.block, row.block + 1)).rejects.toThrow(DiskFault);
  disk.heal();
  await ledger.close();
  return await PeerLedger.open(folder, { disk });
}
