import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

import express, { type Request, type RequestHandler, type Response } from 'express';

const YEAR_S = 31_536_000;
/** One file with its script and styles within, to be taken away: the policy of the pages would let neither run here. */
const OFFLINE_PAGE = 'verify.html';
/** Files that the build may have compressed beforehand, best first: content coding and suffix (RFC 9110, 8.4.1). */
const CODINGS = [
  { coding: 'br', suffix: '.br' },
  { coding: 'gzip', suffix: '.gz' },
] as const;
/** Paths that may name a compressed file: no percent-encoding, no part that begins with a dot. */
const PLAIN_PATH = /^(\/[\w-][\w.-]*)+$/;

/** The bundle's page with its placeholders; `undefined` where none was built. Read each time: a build needs no restart. */
export async function readIndex(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, 'index.html'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The files of a bundle. Those below `assets/` carry a hash of their contents in their names, as Vite writes them, and
 * are kept for a year; the others are asked after each time. Where the build left `.br` or `.gz` beside a file and the
 * caller takes it, that is sent. What is no file is left to the next handler.
 * @param policy `Content-Security-Policy` of every file: a worker is bound by the one it came with.
 */
export function pageFiles(folder: string, policy: string): RequestHandler {
  const hashed = join(folder, 'assets') + sep;
  const offline = join(folder, OFFLINE_PAGE);
  const setHeaders = (response: Response, path: string): void => {
    response.set('Content-Security-Policy', policy);
    response.set('Cache-Control', path.startsWith(hashed) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
    if (path === offline) response.attachment(`yinzheng-${OFFLINE_PAGE}`);
  };
  const serve = express.static(folder, { index: false, redirect: false, cacheControl: false, setHeaders });
  return (request, response, next) => {
    const { url } = request;
    const coding = findCoding(folder, request, response);
    if (coding !== undefined) {
      response.type(request.path.slice(request.path.lastIndexOf('.') + 1)).set('Content-Encoding', coding.coding);
      request.url = `${request.path}${coding.suffix}`;
    }
    serve(request, response, (error?: unknown) => {
      request.url = url;
      response.removeHeader('Content-Encoding');
      next(error);
    });
  };
}

function findCoding(folder: string, request: Request, response: Response): (typeof CODINGS)[number] | undefined {
  if (!PLAIN_PATH.test(request.path)) return undefined;
  const found = CODINGS.filter(({ suffix }) => existsSync(join(folder, request.path + suffix)));
  if (found.length > 0) response.vary('Accept-Encoding');
  return found.find(({ coding }) => request.acceptsEncodings(coding) === coding);
}
