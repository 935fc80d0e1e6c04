import { common } from '@hyperledger/fabric-protos';
import { type Signer } from '../../msp/signer.js';
import { encodeChannelHeader, encodeEnvelope, encodePayload, encodeSignatureHeader } from '../../wire/envelope.js';
import { createNonce } from '../../wire/nonce.js';
import { Writer } from '../../wire/protobuf-writer.js';

/** One administrator's agreement to an update: bytes of `common.ConfigSignature`. */
export type ConfigSignature = Uint8Array;

/**
 * Signs an update; every organisation whose policies ask for it does so, in any order and on any machine.
 * @param update bytes of `common.ConfigUpdate`. Source: Fabric protoutil/signeddata.go, ConfigUpdateEnvelopeAsSignedData.
 */
export function signUpdate(update: Uint8Array, signer: Signer): ConfigSignature {
  const header = encodeSignatureHeader({ creator: signer.identityBytes, nonce: createNonce() });
  return new Writer()
    .field(1, header)
    .field(2, signer.sign(Buffer.concat([header, update])))
    .bytes();
}

/**
 * The CONFIG_UPDATE envelope that the orderer is sent. @param sender whoever sends it; needs no right but to write.
 * @param update bytes of `common.ConfigUpdate`. @returns bytes of `common.Envelope`
 */
export function envelopeOfUpdate(
  channelId: string,
  update: Uint8Array,
  signatures: readonly ConfigSignature[],
  sender: Signer,
  nowMs: number,
): Uint8Array {
  return signedEnvelope(
    common.HeaderType.CONFIG_UPDATE,
    channelId,
    new Writer().field(1, update).messages(2, signatures).bytes(),
    sender,
    nowMs,
  );
}

/** An envelope without a transaction id, as configuration travels in. @returns bytes of `common.Envelope` */
export function signedEnvelope(
  type: number,
  channelId: string,
  data: Uint8Array,
  signer: Signer,
  nowMs: number,
): Uint8Array {
  const channelHeaderBytes = encodeChannelHeader({
    type,
    timestamp: { seconds: BigInt(Math.floor(nowMs / 1_000)), nanos: 0 },
    channelId,
    txId: '',
    epoch: 0n,
    extension: new Uint8Array(0),
  });
  const signatureHeaderBytes = encodeSignatureHeader({ creator: signer.identityBytes, nonce: createNonce() });
  const payload = encodePayload({ channelHeaderBytes, signatureHeaderBytes }, data);
  return encodeEnvelope(payload, signer.sign(payload));
}
