import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, 'fabric-3.1.5');

/** Numbers of the blocks that a real Fabric 3.1.5 network wrote and that are kept here; see fabric-3.1.5/README.md. */
export const BLOCK_NUMBERS = [0, 1, 2, 3, 4, 9, 10, 12, 13, 15, 17, 18, 19, 21] as const;

/** common.Block bytes as a peer stored them, with validity flags and commit hash. */
export function peerBlockBytes(number: number): Buffer {
  return readFileSync(join(folder, 'blocks', `peer_block_${number}.pb`));
}

/** common.Block bytes as an orderer delivered them. */
export function ordererBlockBytes(number: number): Buffer {
  return readFileSync(join(folder, 'blocks', `block_${number}.pb`));
}

/** PEM text of a certificate below fabric-3.1.5/msp, for example `beijing.example/certs/User1@beijing.example-cert.pem`. */
export function certificatePem(path: string): string {
  return readFileSync(join(folder, 'msp', path), 'utf8');
}
