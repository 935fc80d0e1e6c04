import { common } from '@hyperledger/fabric-protos';
import { readBlock } from '../wire/block.js';
import { Writer } from '../wire/protobuf-writer.js';
import { CHANNEL_READERS, channelRefusal, refuseFor } from './access.js';
import { type ChainReader, type SystemContext } from './served-channel.js';
import { respond, type SystemCall, type SystemChaincode, SystemRefusal, textArg } from './system-chaincode.js';

/** The number that asks for the last block, whatever its number. Source: common/ledger/blkstorage/blockfile_mgr.go. */
const LAST_BLOCK = 2n ** 64n - 1n;

/** One function's answer; `parameter` is its third argument. */
type Query = (chain: ChainReader, parameter: Uint8Array) => Promise<Uint8Array> | Uint8Array;

const queries: Readonly<Record<string, Query>> = {
  GetChainInfo: chainInfo,
  GetBlockByNumber: blockByNumber,
  GetBlockByHash: blockByHash,
  GetTransactionByID: transactionById,
  GetBlockByTxID: blockByTxId,
};

/**
 * The query system chaincode: blocks and transactions of a channel, for whoever may read it. Arguments are the
 * function, the channel's id and what is looked for; answers are `common.BlockchainInfo`, `common.Block` and
 * `peer.ProcessedTransaction`. Source: Fabric core/scc/qscc/query.go.
 */
export function createQscc(context: SystemContext): SystemChaincode {
  return { name: 'qscc', invoke: (call) => respond(() => answer(context, call)) };
}

function answer(context: SystemContext, call: SystemCall): Promise<Uint8Array> | Uint8Array {
  checkForm(call);
  const { args, creator } = call;
  const [name, channelId] = [textArg(args, 0), textArg(args, 1)];
  const channel = context.channels().get(channelId);
  if (channel === undefined) throw new SystemRefusal(`Invalid chain ID, ${channelId}`);
  const query = Object.hasOwn(queries, name) ? queries[name] : undefined;
  const deny = (reason: string) => `access denied for [${name}][${channelId}]: [${reason}]`;
  if (query === undefined) throw new SystemRefusal(deny(`Unmapped policy for qscc/${name}`));
  refuseFor(channelRefusal(channel.config(), channelId, CHANNEL_READERS, [creator]), deny);
  return query(channel.chain, args[2] ?? new Uint8Array(0));
}

function checkForm({ args, calledName }: SystemCall): void {
  if (args.length < 2) throw new SystemRefusal(`Incorrect number of arguments, ${args.length}`);
  if (calledName !== 'qscc') {
    throw new SystemRefusal(
      'Rejecting invoke of QSCC from another chaincode because of potential for deadlocks, ' +
        `original invocation for '${calledName}'`,
    );
  }
  const name = textArg(args, 0);
  if (name !== 'GetChainInfo' && args.length < 3) throw new SystemRefusal(`missing 3rd argument for ${name}`);
}

function chainInfo(chain: ChainReader): Uint8Array {
  const info = new common.BlockchainInfo();
  info.setHeight(Number(chain.height));
  info.setCurrentblockhash(chain.lastBlockHash);
  info.setPreviousblockhash(chain.lastHeader.previousHash);
  return info.serializeBinary();
}

function blockByNumber(chain: ChainReader, parameter: Uint8Array): Promise<Uint8Array> {
  const number = parseNumber(textArg([parameter], 0));
  const wanted = number === LAST_BLOCK ? chain.height - 1n : number;
  if (wanted < chain.height) return chain.blockBytes(wanted);
  throw new SystemRefusal(`Failed to get block number ${number}, error no such block number [${wanted}] in index`);
}

/** A block number as Go reads one. Source: strconv.ParseUint. */
function parseNumber(text: string): bigint {
  const fault = !/^\d+$/.test(text) ? 'invalid syntax' : BigInt(text) > LAST_BLOCK ? 'value out of range' : undefined;
  if (fault === undefined) return BigInt(text);
  throw new SystemRefusal(
    `Failed to parse block number with error strconv.ParseUint: parsing ${JSON.stringify(text)}: ${fault}`,
  );
}

function blockByHash(chain: ChainReader, hash: Uint8Array): Promise<Uint8Array> {
  const number = chain.blockNumberOfHash(hash);
  if (number !== undefined) return chain.blockBytes(number);
  const hex = Buffer.from(hash).toString('hex');
  throw new SystemRefusal(
    `Failed to get block hash ${Buffer.from(hash).toString()}, error no such block hash [${hex}] in index`,
  );
}

function blockByTxId(chain: ChainReader, parameter: Uint8Array): Promise<Uint8Array> {
  const txId = textArg([parameter], 0);
  const place = chain.transaction(txId);
  if (place !== undefined) return chain.blockBytes(place.blockNumber);
  throw new SystemRefusal(`Failed to get block for txID ${txId}, error no such transaction ID [${txId}] in index`);
}

/** `peer.ProcessedTransaction` around the envelope's own bytes. */
async function transactionById(chain: ChainReader, parameter: Uint8Array): Promise<Uint8Array> {
  const txId = textArg([parameter], 0);
  const place = chain.transaction(txId);
  if (place === undefined) {
    throw new SystemRefusal(
      `Failed to get transaction with id ${txId}, error no such transaction ID [${txId}] in index`,
    );
  }
  const block = readBlock(await chain.blockBytes(place.blockNumber));
  return new Writer().message(1, block.envelopes[place.txIndex]).field(2, place.code).bytes();
}
