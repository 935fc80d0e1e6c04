import { type Hash } from 'node:crypto';

import { type Request } from 'express';

import { DomainError } from '../../domain/errors.js';

/**
 * A body's bytes as they come, at most so many. The rest of one that is too large is not read, and its connection ends.
 * @throws REQUEST_TOO_LARGE; REQUEST_MALFORMED where it breaks off or is compressed
 */
async function* chunksOf(request: Request, bytesMax: number): AsyncGenerator<Buffer> {
  if (request.headers['content-encoding'] !== undefined) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'content-encoding', wanted: 'none' });
  }
  let size = 0;
  try {
    // Left open on an early end, so that the refusal can still be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bytesMax) throw new DomainError('REQUEST_TOO_LARGE', { bytesMax });
      yield chunk;
    }
  } catch (cause) {
    request.res?.set('Connection', 'close');
    if (cause instanceof DomainError) throw cause;
    throw new DomainError('REQUEST_MALFORMED', { where: 'body', wanted: 'a body that does not break off' }, { cause });
  }
}

/** The whole body. @throws as {@link chunksOf} */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(request, bytesMax)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Feeds a body to hashes; nothing of it is kept. @throws as {@link chunksOf} */
export async function hashBody(request: Request, bytesMax: number, hashes: readonly Hash[]): Promise<void> {
  for await (const chunk of chunksOf(request, bytesMax)) {
    for (const hash of hashes) hash.update(chunk);
  }
}
