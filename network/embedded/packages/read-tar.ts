import { gunzipSync } from 'node:zlib';

/** A file of an archive. */
export interface TarFile {
  readonly path: string;
  readonly content: Buffer;
}

const blockBytes = 512;
/** What a package may unfold to, bytes. */
const unpackedBytesMax = 256 * 1024 * 1024;
/** Headers that describe the next entry or all of them, such as times; names that need them are not for packages. */
const describing = ['x', 'g'];

/** An archive that cannot be read. Texts are those of Go's packages, where Fabric shows them. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/**
 * The regular files of a gzipped tar archive, as Fabric's `peer` and GNU tar write them.
 * @throws ArchiveError. Source: POSIX.1-1988 ustar; Fabric core/chaincode/persistence/chaincode_package.go.
 */
export function readTarGzip(bytes: Uint8Array): TarFile[] {
  const archive = unpack(bytes);
  const files: TarFile[] = [];
  for (let at = 0; at + blockBytes <= archive.length;) {
    const header = archive.subarray(at, at + blockBytes);
    if (header.every((byte) => byte === 0)) break; // The end.
    const { path, type, size } = readHeader(header);
    const start = at + blockBytes;
    if (start + size > archive.length) throw new ArchiveError('error inspecting next tar header: unexpected EOF');
    if (type === '0' || type === '\0') files.push({ path, content: archive.subarray(start, start + size) });
    else if (!describing.includes(type)) {
      throw new ArchiveError(`tar entry ${path} is not a regular file, type ${type.charCodeAt(0)}`);
    }
    at = start + Math.ceil(size / blockBytes) * blockBytes;
  }
  return files;
}

function unpack(bytes: Uint8Array): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: unpackedBytesMax });
  } catch (cause) {
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const why = bytes.length === 0 ? 'EOF' : isGzip || bytes.length < 10 ? 'unexpected EOF' : 'gzip: invalid header';
    throw new ArchiveError(`error reading as gzip stream: ${why}`, { cause });
  }
}

function readHeader(header: Buffer): { readonly path: string; readonly type: string; readonly size: number } {
  const text = (from: number, length: number): string =>
    header.toString('latin1', from, from + length).split('\0')[0] ?? '';
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  const size = Number.parseInt(text(124, 12).trim() || '0', 8);
  if (Number.parseInt(text(148, 8).trim(), 8) !== sum || !Number.isSafeInteger(size)) {
    throw new ArchiveError('error inspecting next tar header: archive/tar: invalid tar header');
  }
  const prefix = text(257, 6) === 'ustar' ? text(345, 155) : '';
  const name = text(0, 100);
  return { path: prefix === '' ? name : `${prefix}/${name}`, type: header.toString('latin1', 156, 157), size };
}
