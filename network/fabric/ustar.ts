const blockBytes = 512;
const mode = 0o644;

/** One regular file of an archive. */
export interface ArchiveEntry {
  /** ASCII, at most 100 characters. */
  readonly path: string;
  readonly content: Uint8Array;
}

/**
 * A POSIX.1-1988 `ustar` archive of regular files: no times, no owners, so that the same content gives the same bytes
 * on every machine, which a package id that several organisations compute needs.
 * @throws RangeError for a path that the format cannot hold
 */
export function encodeUstar(entries: readonly ArchiveEntry[]): Buffer {
  const parts = entries.flatMap(({ path, content }) => {
    const padding = (blockBytes - (content.length % blockBytes)) % blockBytes;
    return [header(path, content.length), Buffer.from(content), Buffer.alloc(padding)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * blockBytes)]);
}

function header(path: string, contentBytes: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  if (!/^[\x21-\x7e]{1,100}$/.test(path)) throw new RangeError(`an archive path of printable ASCII was wanted`);
  block.write(path, 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108); // User id.
  block.write(octal(0, 8), 116); // Group id.
  block.write(octal(contentBytes, 12), 124);
  block.write(octal(0, 12), 136); // Modification time.
  block.write('        ', 148); // The checksum counts its own field as spaces.
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function octal(value: number, characters: number): string {
  return `${value.toString(8).padStart(characters - 1, '0')}\0`;
}
