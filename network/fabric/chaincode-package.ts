import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { encodeUstar } from './ustar.js';

/** What a package's label is made of. */
interface ChaincodeName {
  readonly name: string;
  readonly version: string;
}

/** A chaincode package as peers install it. */
export interface ChaincodePackage {
  /** `<label>:<SHA-256 of the bytes, hex>`. Source: Fabric core/chaincode/persistence, PackageID. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** What a peer must know to call a chaincode's server, as its builder reads it from the environment. PEM and `host:port`. */
export interface ServiceConnection {
  readonly address: string;
  readonly root_cert: string;
  readonly client_key: string;
  readonly client_cert: string;
}

/**
 * The package of a chaincode that runs as a service: where its server listens and what to show there, as templates
 * that each peer fills from its own environment ({@link ServiceConnection} by chaincode name). So the package is the
 * same for all organisations, and no key is in it.
 * Source: Fabric ccaas_builder/cmd/build/main.go (templates), core/chaincode/persistence (package format).
 */
export function packageChaincodeService({ name, version }: ChaincodeName): ChaincodePackage {
  const filled = (field: keyof ServiceConnection) => `{{(index . "${name}").${field}}}`;
  const label = `${name}_${version}`;
  const connection = {
    address: filled('address'),
    dial_timeout: '10s',
    tls_required: true,
    client_auth_required: true,
    root_cert: filled('root_cert'),
    client_key: filled('client_key'),
    client_cert: filled('client_cert'),
  };
  const code = archive({ 'connection.json': connection });
  const bytes = gzip(
    encodeUstar([
      { path: 'metadata.json', content: Buffer.from(JSON.stringify({ type: 'ccaas', label })) },
      { path: 'code.tar.gz', content: code },
    ]),
  );
  return { id: `${label}:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}

function archive(files: Readonly<Record<string, object>>): Buffer {
  const entries = Object.entries(files).map(([path, value]) => ({ path, content: Buffer.from(JSON.stringify(value)) }));
  return gzip(encodeUstar(entries));
}

/** Stored, not compressed, because compressors differ; and the byte that names the operating system is levelled. */
function gzip(bytes: Buffer): Buffer {
  const packed = gzipSync(bytes, { level: 0 });
  packed[9] = 0xff; // RFC 1952, section 2.3.1: "unknown".
  return packed;
}
