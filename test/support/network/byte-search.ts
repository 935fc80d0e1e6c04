import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ClassicLevel } from 'classic-level';

/** Where a text was found: a file, or a key of a database. */
export interface Finding {
  readonly place: string;
  readonly text: string;
}

/**
 * Looks for texts in the raw bytes of every file below a folder, in every form that programs write text in: UTF-8,
 * UTF-16, JSON's and URLs' escapes, hex and base64. Databases are read as well, because theirs may be compressed; so
 * nothing may have them open.
 */
export async function searchFolder(folder: string, texts: readonly string[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    findings.push(...searchBytes(path, Buffer.from(name), texts));
    if (statSync(path).isFile()) findings.push(...searchBytes(path, readFileSync(path), texts));
    else {
      findings.push(...(await searchFolder(path, texts)));
      if (readdirSync(path).includes('CURRENT')) findings.push(...(await searchDatabase(path, texts)));
    }
  }
  return findings;
}

/** @param place how a finding is to be told. */
export function searchBytes(place: string, bytes: Uint8Array, texts: readonly string[]): Finding[] {
  const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return texts.filter((text) => formsOf(text).some((form) => haystack.includes(form))).map((text) => ({ place, text }));
}

async function searchDatabase(folder: string, texts: readonly string[]): Promise<Finding[]> {
  const encodings = { keyEncoding: 'buffer', valueEncoding: 'buffer' } as const;
  const database = new ClassicLevel<Buffer, Buffer>(folder, { ...encodings, createIfMissing: false });
  const findings: Finding[] = [];
  try {
    for await (const [key, value] of database.iterator()) {
      const place = `${folder} ${key.toString('latin1').slice(0, 60)}`;
      findings.push(...searchBytes(place, key, texts), ...searchBytes(place, value, texts));
    }
    return findings;
  } finally {
    await database.close();
  }
}

function formsOf(text: string): Buffer[] {
  const utf8 = Buffer.from(text);
  const escaped = Array.from(text, (letter) =>
    letter > '\x7f' ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  ).join('');
  const hex = utf8.toString('hex');
  return [
    utf8,
    Buffer.from(text, 'utf16le'),
    ...[escaped, encodeURIComponent(text), hex, hex.toUpperCase()].map((form) => Buffer.from(form)),
    ...base64Forms(utf8),
  ];
}

/** The characters that are the same wherever the bytes begin among the groups of three that base64 writes. */
function base64Forms(bytes: Buffer): Buffer[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return Buffer.from(text.slice(Math.ceil((before * 4) / 3), -2));
  });
}
