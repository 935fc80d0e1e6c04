import { gzipSync } from 'node:zlib';

import { encodeUstar } from '../../../network/fabric/ustar.js';

/** A package of a chaincode that runs as a service. @param code files of its inner archive */
export function packageOf(metadata: object, code: Readonly<Record<string, string>>): Buffer {
  const files = Object.entries(code).map(([path, text]) => ({ path, content: Buffer.from(text) }));
  return gzipSync(
    encodeUstar([
      { path: 'metadata.json', content: Buffer.from(JSON.stringify(metadata)) },
      { path: 'code.tar.gz', content: gzipSync(encodeUstar(files)) },
    ]),
  );
}
