import { createHash, randomBytes } from 'node:crypto';
import { common, ledger, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { type Holder, signBy } from './authority.js';

/** A read or a write of the simulated call. */
export interface Simulated {
  readonly reads?: readonly { readonly key: string; readonly version?: readonly [block: number, tx: number] }[];
  readonly ranges?: readonly {
    readonly start: string;
    readonly end: string;
    readonly exhausted?: boolean;
    readonly found?: readonly string[];
  }[];
  readonly writes?: readonly { readonly key: string; readonly value: Uint8Array }[];
}

/** A call and its answer, before anybody signs. */
export interface CallWish extends Simulated {
  readonly channel: string;
  readonly chaincode: string;
  /** Of the answer; the call's own unless a test wants them to differ. */
  readonly answering?: string;
  readonly version: string;
  readonly args: readonly (string | Uint8Array)[];
  readonly creator: Holder;
  readonly timeMs: number;
  readonly status?: number;
  readonly payload: Uint8Array;
}

/** A call as peers endorse it, in Fabric's own messages (`@hyperledger/fabric-protos` writes them, not the verifier). */
export interface Call {
  readonly header: common.Header;
  readonly input: Uint8Array;
  readonly responsePayload: Uint8Array;
  readonly txId: string;
}

const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** Makes a proposal and the response payload for it (Fabric protoutil, CreateChaincodeProposal and GetProposalHash1). */
export function makeCall(wish: CallWish): Call {
  const nonce = randomBytes(24);
  const txId = sha256(nonce, wish.creator.identity).toString('hex');
  const header = new common.Header();
  header.setChannelHeader(channelHeader(wish, txId).serializeBinary());
  const signer = new common.SignatureHeader();
  signer.setCreator(wish.creator.identity);
  signer.setNonce(nonce);
  header.setSignatureHeader(signer.serializeBinary());
  const input = inputOf(wish);
  const hash = sha256(header.getChannelHeader_asU8(), header.getSignatureHeader_asU8(), input);
  return { header, input, responsePayload: responsePayload(wish, hash), txId };
}

/** The prepared transaction that a gateway's Endorse returns. */
export function envelopeOf(call: Call, endorsers: readonly Holder[], creator: Holder): Uint8Array {
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(call.responsePayload);
  endorsed.setEndorsementsList(
    endorsers.map((holder) => {
      const endorsement = new peer.Endorsement();
      endorsement.setEndorser(holder.identity);
      endorsement.setSignature(signBy(holder, Buffer.concat([call.responsePayload, holder.identity])));
      return endorsement;
    }),
  );
  const content = new peer.ChaincodeActionPayload();
  content.setChaincodeProposalPayload(call.input);
  content.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(call.header.getSignatureHeader_asU8());
  action.setPayload(content.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([action]);
  const payload = new common.Payload();
  payload.setHeader(call.header);
  payload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(signBy(creator, envelope.getPayload_asU8()));
  return envelope.serializeBinary();
}

function channelHeader({ channel, chaincode, timeMs }: CallWish, txId: string): common.ChannelHeader {
  const timestamp = new Timestamp();
  timestamp.setSeconds(Math.floor(timeMs / 1000));
  timestamp.setNanos((timeMs % 1000) * 1_000_000);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId(chaincode));
  const header = new common.ChannelHeader();
  header.setType(common.HeaderType.ENDORSER_TRANSACTION);
  header.setTimestamp(timestamp);
  header.setChannelId(channel);
  header.setTxId(txId);
  header.setExtension$(extension.serializeBinary());
  return header;
}

function chaincodeId(name: string, version = ''): peer.ChaincodeID {
  const id = new peer.ChaincodeID();
  id.setName(name);
  id.setVersion(version);
  return id;
}

function inputOf({ chaincode, args }: CallWish): Uint8Array {
  const input = new peer.ChaincodeInput();
  input.setArgsList(args.map((arg) => Buffer.from(arg as string)));
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.NODE);
  spec.setChaincodeId(chaincodeId(chaincode));
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  return payload.serializeBinary();
}

function responsePayload(wish: CallWish, hash: Uint8Array): Uint8Array {
  const response = new peer.Response();
  response.setStatus(wish.status ?? 200);
  response.setPayload(wish.payload);
  const action = new peer.ChaincodeAction();
  action.setResults(resultsOf(wish.answering ?? wish.chaincode, wish));
  action.setResponse(response);
  action.setChaincodeId(chaincodeId(wish.answering ?? wish.chaincode, wish.version));
  const payload = new peer.ProposalResponsePayload();
  payload.setProposalHash(hash);
  payload.setExtension$(action.serializeBinary());
  return payload.serializeBinary();
}

function resultsOf(namespace: string, { reads = [], ranges = [], writes = [] }: Simulated): Uint8Array {
  const { kvrwset, TxReadWriteSet, NsReadWriteSet } = ledger.rwset;
  const set = new kvrwset.KVRWSet();
  set.setReadsList(reads.map(({ key, version }) => kvRead(key, version)));
  set.setRangeQueriesInfoList(
    ranges.map(({ start, end, exhausted = true, found = [] }) => {
      const info = new kvrwset.RangeQueryInfo();
      info.setStartKey(start);
      info.setEndKey(end);
      info.setItrExhausted(exhausted);
      const raw = new kvrwset.QueryReads();
      raw.setKvReadsList(found.map((key) => kvRead(key, [1, 0])));
      info.setRawReads(raw);
      return info;
    }),
  );
  set.setWritesList(
    writes.map(({ key, value }) => {
      const write = new kvrwset.KVWrite();
      write.setKey(key);
      write.setValue(value);
      return write;
    }),
  );
  const own = new NsReadWriteSet();
  own.setNamespace(namespace);
  own.setRwset(set.serializeBinary());
  const lifecycle = new NsReadWriteSet();
  lifecycle.setNamespace('_lifecycle');
  const definition = new kvrwset.KVRWSet();
  definition.setReadsList([kvRead('namespaces/fields/yinzheng/Sequence', [2, 0])]);
  lifecycle.setRwset(definition.serializeBinary());
  const all = new TxReadWriteSet();
  all.setDataModel(TxReadWriteSet.DataModel.KV);
  all.setNsRwsetList([lifecycle, own]);
  return all.serializeBinary();
}

function kvRead(key: string, version?: readonly [block: number, tx: number]): ledger.rwset.kvrwset.KVRead {
  const read = new ledger.rwset.kvrwset.KVRead();
  read.setKey(key);
  if (version === undefined) return read;
  const place = new ledger.rwset.kvrwset.Version();
  place.setBlockNum(version[0]);
  place.setTxNum(version[1]);
  read.setVersion(place);
  return read;
}
