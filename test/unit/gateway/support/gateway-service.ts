import { Metadata, type sendUnaryData, Server, ServerCredentials, type ServiceError, type status } from '@grpc/grpc-js';
import { common, gateway, google, orderer, peer } from '@hyperledger/fabric-protos';
import { Any } from 'google-protobuf/google/protobuf/any_pb';

/** A failure as Fabric's gateway service reports it: a gRPC status, and one message for each endorser. */
export class WireFailure extends Error {
  readonly code: status;
  readonly endorsers: readonly { readonly mspId: string; readonly message: string }[];

  constructor(code: status, message: string, endorsers: WireFailure['endorsers'] = []) {
    super(message);
    this.code = code;
    this.endorsers = endorsers;
  }
}

/** What each call answers; a thrown {@link WireFailure} goes over the wire. */
export interface Script {
  /** The contract's result. @param txId the proposal's own. @param attempt from 1. @param signers organisations named. */
  endorse: (txId: string, attempt: number, signers: readonly string[]) => string;
  evaluate: () => string;
  submit: (txId: string) => void;
  /** Validation code and block of a transaction. */
  commitStatus: (txId: string) => { code: number; block: number };
  /** Bytes of common.Block by number; the last one is the newest. */
  blocks: readonly Uint8Array[];
}

/** Fabric's gateway and deliver services over real gRPC, following a script; it checks nothing. */
export class GatewayService {
  readonly script: Script;
  /** Ids of the transactions that were endorsed, submitted and asked after, in order. */
  readonly seen: { endorsed: string[]; submitted: string[]; asked: string[] } = {
    endorsed: [],
    submitted: [],
    asked: [],
  };
  address = '';
  readonly #server = new Server();

  constructor(script: Partial<Script> = {}) {
    this.script = {
      endorse: (txId) => JSON.stringify({ txId }),
      evaluate: () => '{}',
      submit: () => undefined,
      commitStatus: () => ({ code: peer.TxValidationCode.VALID, block: 5 }),
      blocks: [],
      ...script,
    };
  }

  /** @param address where to listen; a free port where it is left out. */
  async start(address = '127.0.0.1:0'): Promise<void> {
    this.#server.addService(gateway.GatewayService, {
      evaluate: reply(() => {
        const response = new peer.Response();
        response.setPayload(Buffer.from(this.script.evaluate()));
        const result = new gateway.EvaluateResponse();
        result.setResult(response);
        return result;
      }),
      endorse: reply((request: gateway.EndorseRequest) => {
        const txId = request.getTransactionId();
        this.seen.endorsed.push(txId);
        const result = new gateway.EndorseResponse();
        const answer = this.script.endorse(txId, this.seen.endorsed.length, request.getEndorsingOrganizationsList());
        result.setPreparedTransaction(prepared(answer));
        return result;
      }),
      submit: reply((request: gateway.SubmitRequest) => {
        this.seen.submitted.push(request.getTransactionId());
        this.script.submit(request.getTransactionId());
        return new gateway.SubmitResponse();
      }),
      commitStatus: reply((signed: gateway.SignedCommitStatusRequest) => {
        const txId = gateway.CommitStatusRequest.deserializeBinary(signed.getRequest_asU8()).getTransactionId();
        this.seen.asked.push(txId);
        const { code, block } = this.script.commitStatus(txId);
        const result = new gateway.CommitStatusResponse();
        result.setResult(code as 0);
        result.setBlockNumber(block);
        return result;
      }),
      chaincodeEvents: (call: { end: () => void }) => {
        call.end();
      },
    });
    this.#server.addService(
      peer.DeliverService,
      deliverService(() => this.script.blocks),
    );
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    this.address = `127.0.0.1:${port}`;
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

function reply<Request, Response>(answer: (request: Request) => Response) {
  return ({ request }: { request: Request }, callback: sendUnaryData<Response>): void => {
    try {
      callback(null, answer(request));
    } catch (error) {
      callback(onWire(error as WireFailure));
    }
  };
}

function onWire({ code, message, endorsers }: WireFailure): Partial<ServiceError> {
  const details = endorsers.map(({ mspId, message: text }) => {
    const detail = new gateway.ErrorDetail();
    detail.setAddress('10.0.0.1:7051');
    detail.setMspId(mspId);
    detail.setMessage(text);
    const any = new Any();
    any.pack(detail.serializeBinary(), 'gateway.ErrorDetail');
    return any;
  });
  const wire = new google.rpc.Status();
  wire.setCode(code);
  wire.setMessage(message);
  wire.setDetailsList(details);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(wire.serializeBinary()));
  return { code, details: message, metadata };
}

/** The unsigned envelope that a gateway service hands back, with the contract's result where the client looks for it. */
function prepared(result: string): common.Envelope {
  const response = new peer.Response();
  response.setPayload(Buffer.from(result));
  const action = new peer.ChaincodeAction();
  action.setResponse(response);
  const responsePayload = new peer.ProposalResponsePayload();
  responsePayload.setExtension$(action.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(responsePayload.serializeBinary());
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setAction(endorsed);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([transactionAction]);
  const header = new common.Header();
  header.setChannelHeader(new common.ChannelHeader().serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope;
}

function deliverService(blocks: () => readonly Uint8Array[]) {
  const refuse = (call: { end: () => void }): void => {
    call.end();
  };
  const deliver = (call: {
    on: (event: 'data', listener: (envelope: common.Envelope) => void) => void;
    write: (response: peer.DeliverResponse) => void;
    end: () => void;
  }): void => {
    call.on('data', (envelope) => {
      const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
      const seek = orderer.SeekInfo.deserializeBinary(payload.getData_asU8());
      const newest = blocks().length - 1;
      const place = (position: orderer.SeekPosition | undefined) => position?.getSpecified()?.getNumber() ?? newest;
      const stop = place(seek.getStop());
      for (let number = place(seek.getStart()); number <= Math.min(stop, newest); number += 1) {
        const response = new peer.DeliverResponse();
        response.setBlock(common.Block.deserializeBinary(blocks()[number] ?? new Uint8Array()));
        call.write(response);
      }
      if (stop > newest) return; // As a peer does: the stream stays open for blocks to come.
      const done = new peer.DeliverResponse();
      done.setStatus(envelope.getSignature_asU8().length > 0 ? common.Status.SUCCESS : common.Status.FORBIDDEN);
      call.write(done);
      call.end();
    });
  };
  return { deliver, deliverFiltered: refuse, deliverWithPrivateData: refuse };
}
