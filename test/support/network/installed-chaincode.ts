import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { peer } from '@hyperledger/fabric-protos';

import { packageRoot } from '../../../network/manager/package-root.js';
import { callPeer } from './peer-call.js';
import { type PeerConnection } from './peer-connection.js';

/** Asks one peer's `_lifecycle` on no channel: what is installed there is that peer's own. */
export function askLifecycle(
  connection: PeerConnection,
  name: string,
  message: { readonly serializeBinary: () => Uint8Array },
): Promise<peer.Response> {
  return callPeer(connection, { chaincode: '_lifecycle', name, parameters: [message.serializeBinary()] });
}

/** What a peer refuses with, as an answer or as an error. */
export function refusalOf(answer: Promise<peer.Response>): Promise<string> {
  return answer.then(
    (response) => response.getMessage(),
    (error: unknown) => String(error),
  );
}

/** Runs the README's chaincode, without TLS, as whoever installed its package would. @returns how to end it */
export async function serveCounter(folder: string, packageId: string, address: string): Promise<() => void> {
  const source = join(mkdtempSync(join(folder, 'installed-')), 'counter.cjs');
  const counter = readFileSync(join(packageRoot(), 'network/examples/javascript/counter.cjs'), 'utf8');
  const shim = `'${require.resolve('fabric-shim')}'`; // The example stands outside the package here.
  writeFileSync(source, counter.replace("'fabric-shim'", shim).replace(/tlsProps: \{[^}]*\},/, ''));
  const env = { ...process.env, CHAINCODE_ID: packageId, CHAINCODE_SERVER_ADDRESS: address };
  const server = spawn(process.execPath, [source], { env, stdio: 'ignore' });
  await once(server, 'spawn');
  return () => void server.kill();
}

/**
 * Approves and commits the first definition of a chaincode under the channel's own policy, through the gateway as any
 * transaction. @param admins of the organisations that run the package; the first commits
 */
export async function defineChaincode(
  admins: readonly PeerConnection[],
  name: string,
  packageId: string,
): Promise<void> {
  const local = new peer.lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageId);
  const source = new peer.lifecycle.ChaincodeSource();
  source.setLocalPackage(local);
  const approval = new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs();
  approval.setSource(source);
  const definition = new peer.lifecycle.CommitChaincodeDefinitionArgs();
  for (const each of [approval, definition]) {
    each.setName(name);
    each.setVersion('1.0');
    each.setSequence(1);
    each.setEndorsementPlugin('escc');
    each.setValidationPlugin('vscc');
  }
  const submit = (admin: PeerConnection | undefined, call: string, message: Uint8Array, mspIds: string[]) =>
    admin?.contract('_lifecycle').submit(call, { arguments: [message], endorsingOrganizations: mspIds });
  for (const admin of admins) {
    await submit(admin, 'ApproveChaincodeDefinitionForMyOrg', approval.serializeBinary(), [admin.identity.mspId]);
  }
  const everybody = admins.map(({ identity }) => identity.mspId);
  await submit(admins[0], 'CommitChaincodeDefinition', definition.serializeBinary(), everybody);
}
