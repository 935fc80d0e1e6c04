import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SystemRefusal } from '../system/system-chaincode.js';
import { ArchiveError, readTarGzip, type TarFile } from './read-tar.js';

/** Where a chaincode's server listens and what to show there, as `connection.json` of a `ccaas` package says. PEM. */
export interface Connection {
  /** `host:port`. */
  readonly address: string;
  readonly tls:
    { readonly root: string; readonly client?: { readonly key: string; readonly certificate: string } } | undefined;
}

/** A chaincode package as its bytes tell it. */
export interface ChaincodePackage {
  readonly label: string;
  /** `<label>:<SHA-256 of the bytes, hex>`. */
  readonly packageId: string;
  readonly connection: Connection;
}

const metadataSchema = z.object({ type: z.string().default(''), label: z.string().default('') });
const connectionSchema = z.object({
  address: z.string().regex(/^[^\s{}]+:\d{1,5}$/),
  tls_required: z.boolean().default(false),
  client_auth_required: z.boolean().default(false),
  root_cert: z.string().default(''),
  client_key: z.string().default(''),
  client_cert: z.string().default(''),
});

const notParsed = 'could not parse as a chaincode install package';
const notBuilt = 'could not build chaincode';

/**
 * Reads a package and what its chaincode needs to be called. @throws SystemRefusal in Fabric's words
 * Source: Fabric core/chaincode/persistence/chaincode_package.go; ccaas_builder/cmd/{detect,build,release}.
 */
export function readPackage(bytes: Uint8Array): ChaincodePackage {
  const files = filesOf(bytes, notParsed);
  const code = contentOf(files, 'code.tar.gz');
  if (code === undefined) throw new SystemRefusal(`${notParsed}: did not find a code package inside the package`);
  const metadata = contentOf(files, 'metadata.json');
  if (metadata === undefined) {
    throw new SystemRefusal(`${notParsed}: did not find any package metadata (missing metadata.json)`);
  }
  const { type, label } = parse(metadataSchema, metadata, `${notParsed}: could not unmarshal metadata.json as json`);
  if (!/^[0-9A-Za-z][\w.+-]*$/.test(label)) {
    const rule = "can only consist of alphanumerics, symbols from '.+-_', and can only begin with alphanumerics";
    throw new SystemRefusal(`${notParsed}: invalid label '${label}'. Label must be non-empty, ${rule}`);
  }
  const packageId = `${label}:${createHash('sha256').update(bytes).digest('hex')}`;
  if (type.toLowerCase() !== 'ccaas') {
    throw new SystemRefusal(`${notBuilt}: chaincode type not supported: ${type}`);
  }
  return { label, packageId, connection: readConnection(code) };
}

function readConnection(code: Uint8Array): Connection {
  const files = filesOf(code, `${notParsed}: error retrieving DB artifacts from code package`);
  const content = contentOf(files, 'connection.json');
  const why = `${notBuilt}: external builder failed to build`;
  if (content === undefined) throw new SystemRefusal(`${why}: connection.json not found in source folder`);
  const told = parse(connectionSchema, content, `${why}: connection.json is not one that this peer can use`);
  if (!told.tls_required) return { address: told.address, tls: undefined };
  const client = { key: told.client_key, certificate: told.client_cert };
  return { address: told.address, tls: { root: told.root_cert, ...(told.client_auth_required ? { client } : {}) } };
}

function filesOf(bytes: Uint8Array, what: string): TarFile[] {
  try {
    return readTarGzip(bytes);
  } catch (cause) {
    if (!(cause instanceof ArchiveError)) throw cause;
    throw new SystemRefusal(`${what}: ${cause.message}`, 500, { cause });
  }
}

function contentOf(files: readonly TarFile[], name: string): Buffer | undefined {
  return files.findLast(({ path }) => path === name || path === `./${name}`)?.content;
}

function parse<Schema extends z.ZodType>(schema: Schema, content: Buffer, what: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(content.toString()));
  } catch (cause) {
    throw new SystemRefusal(what, 500, { cause });
  }
}
