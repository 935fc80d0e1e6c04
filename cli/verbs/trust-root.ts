import { type Command } from 'commander';

import { encodeTrustRoot, parseTrustRoot, trustRootFingerprints } from '../../proof/trust/parse.js';
import { ProofError } from '../../proof/proof-error.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { readGateways } from '../gateways.js';
import { callGateway } from '../rest-client.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';

const CAUTION =
  '指纹须与另行公布者一致，方可依赖。 Rely on it only where the fingerprints are those published elsewhere.';

/** Adds `trust-root`: the trust root as JSON on standard output, its fingerprints on standard error. */
export function addTrustRoot(program: Command, shell: Shell): void {
  addVerb(program, 'trust-root', 'what receipts are verified with: JSON; fingerprints go to standard error').action(
    async (options: CommonOptions) => {
      const folder = folderOf(options);
      const gateway = readGateways(folder)?.[0];
      if (gateway === undefined) {
        throw new CliError('NETWORK_DOWN', { data: folder.root, wanted: 'a network that runs: yinzheng up --detach' });
      }
      const { body } = await callGateway(gateway.url, { method: 'GET', path: '/v1/trust-root' });
      const root = readRoot(body);
      const prints = trustRootFingerprints(root);
      shell.terminal.err(
        `${fields([
          ['SHA-256', prints['sha-256']],
          ['SM3', prints.sm3],
        ])}\n${wrap(CAUTION)}\n`,
      );
      // Canonical JSON without a line break: a file of it has the fingerprint itself.
      shell.terminal.bytes(encodeTrustRoot(root));
      shell.finish({ data: options.data }, { exit: EXIT.match, json: {}, text: '' });
    },
  );
}

function readRoot(body: unknown) {
  try {
    return parseTrustRoot(body);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new CliError('REPLY_MALFORMED', { where: 'trust root', reason: error.message }, { cause: error });
  }
}
