import ChaincodeServer from 'fabric-shim/lib/server.js'; // Before fabric-protos, as in batched-requests.ts.
import { peer } from '@hyperledger/fabric-protos';
import { type BatchLimits } from './batched-requests.js';

/** What of a stream to a peer is read here. */
interface PeerStream {
  on(event: 'data', listener: (message: { getType(): number; getPayload_asU8(): Uint8Array }) => void): unknown;
}

/** The Go shim sends at least so many together, whatever the peer said (fabric-chaincode-go/v2 shim/handler.go). */
const limitMin = 100;
const announced = new WeakMap<object, BatchLimits>();

/** fabric-shim's server, but it remembers what each peer says that it may be asked. */
export class BatchingServer extends ChaincodeServer {
  override connect(stream: object): void {
    (stream as PeerStream).on('data', (message) => {
      if (message.getType() === peer.ChaincodeMessage.Type.READY) {
        announced.set(stream, readAnnouncement(message.getPayload_asU8()));
      }
    });
    super.connect(stream);
  }
}

/** @returns what the peer at the other end of a stream takes; `undefined` where it said nothing, as Fabric 2.5 does. */
export function limitsOf(stream: object): BatchLimits | undefined {
  return announced.get(stream);
}

/** @param payload of READY: `ChaincodeAdditionalParams`, or nothing. */
function readAnnouncement(payload: Uint8Array): BatchLimits {
  const params = peer.ChaincodeAdditionalParams.deserializeBinary(payload);
  return {
    writesMax: params.getUseWriteBatch() ? Math.max(params.getMaxSizeWriteBatch(), limitMin) : 0,
    keysMax: params.getUseGetMultipleKeys() ? Math.max(params.getMaxSizeGetMultipleKeys(), limitMin) : 0,
  };
}
