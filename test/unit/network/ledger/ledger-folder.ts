import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { judgeBlock, type Verdicts } from '../../../../network/embedded/commit/judge-block.js';
import type { ChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import type { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import type { Block } from '../../../../network/embedded/wire/block.js';

/** A folder that exists while `use` runs. */
export async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Verdicts on a block, from the state of the ledger that is to take it. */
export async function judgeFor(ledger: PeerLedger, block: Block, channel: ChannelConfig): Promise<Verdicts> {
  const state = ledger.openState();
  try {
    return await judgeBlock(block, { channel, state, isCommitted: (txId) => ledger.transaction(txId) !== undefined });
  } finally {
    await state.close();
  }
}
