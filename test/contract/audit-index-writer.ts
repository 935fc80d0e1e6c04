import { AuditIndex } from '../../gateway/audit/audit-index.js';
import { CHAINCODE } from '../unit/gateway/support/blocks.js';
import { longChain } from './long-chain.js';

/** A process that indexes `longChain` from the checkpoint on, until it is killed: `audit-index-writer FILE LENGTH`. */
const [, , file = '', length = '0'] = process.argv;
const index = new AuditIndex(file, CHAINCODE);
const next = (index.tip()?.number ?? -1) + 1;
for (const block of longChain(Number(length))) {
  if (block.number < next) continue;
  index.append(block);
  if (block.number === next) process.stdout.write('writing\n');
}
setInterval(() => undefined, 1_000); // Waits to be killed.
