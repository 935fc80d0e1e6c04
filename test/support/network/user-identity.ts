import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Identity, type Signer, signers } from '@hyperledger/fabric-gateway';
import { msp } from '@hyperledger/fabric-protos';

import { toLowS } from '../../../network/embedded/msp/signature.js';

/** A certificate and a key that should be its own; tests of refusals mix them up. */
export interface UserIdentity {
  readonly mspId: string;
  /** PEM text. */
  readonly certificate: string;
  readonly privateKey: KeyObject;
}

/** @param crypto folder in cryptogen's layout. @param user full name, `clerk@chongqing.example`. */
export function readUserIdentity(crypto: string, mspId: string, user: string): UserIdentity {
  const [, domain = ''] = user.split('@');
  const folder = join(crypto, 'peerOrganizations', domain, 'users', user, 'msp');
  return {
    mspId,
    certificate: readFileSync(join(folder, 'signcerts', `${user}-cert.pem`), 'utf8'),
    privateKey: createPrivateKey(readFileSync(join(folder, 'keystore', 'priv_sk'))),
  };
}

/** The form in which the client library takes an identity. */
export function clientIdentity({ mspId, certificate }: UserIdentity): Identity {
  return { mspId, credentials: Buffer.from(certificate) };
}

/** The client library's own signer: it signs digests. */
export function clientSigner({ privateKey }: UserIdentity): Signer {
  return signers.newPrivateKeySigner(privateKey);
}

/** ECDSA over SHA-256 of a message, DER with low s: what a holder of the key alone can make, far from any client. */
export function signMessage({ privateKey }: UserIdentity, message: Uint8Array): Uint8Array {
  return toLowS(sign('sha256', message, privateKey));
}

/** Bytes of msp.SerializedIdentity, as they stand in every header. */
export function serializedIdentity({ mspId, certificate }: UserIdentity): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certificate));
  return identity.serializeBinary();
}
