import { isAbsolute, resolve } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';

/**
 * Makes the chaincodes' relative folders absolute, so that a topology means the same wherever its text is kept.
 * Comments and everything else stay as they were written; a text without relative folders comes back unchanged.
 * @param text of a topology that parses. @param base absolute.
 */
export function anchorFolders(text: string, base: string): string {
  const document = parseDocument(text);
  const chaincodes = document.get('chaincodes');
  if (!isSeq(chaincodes)) return text;
  let changed = false;
  for (const chaincode of chaincodes.items) {
    const folder = isMap(chaincode) ? chaincode.get('folder') : undefined;
    if (!isMap(chaincode) || typeof folder !== 'string' || isAbsolute(folder)) continue;
    chaincode.set('folder', resolve(base, folder));
    changed = true;
  }
  return changed ? document.toString() : text;
}
