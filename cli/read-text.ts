import { readFileSync } from 'node:fs';

import { unreadable } from './cli-error.js';

/** The text of a file that the caller named. @throws FILE_UNREADABLE */
export function readTextFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}
