import { type Role } from '../domain/actor.js';
import { readPlan } from '../network/manager/plan-file.js';
import { CliError } from './cli-error.js';
import { type DataFolder } from './data-folder.js';
import { readExistingMembers } from './existing-network.js';
import { readGateways } from './gateways.js';
import { mintToken } from './issuer.js';
import { type Json } from './rest-answers.js';
import { callGateway, type RestAnswer, type RestRequest } from './rest-client.js';
import { firstUserOf, type OrganisationUsers, resolveUser, type User } from './users.js';

/** Life of the token that one request uses, seconds. */
const tokenSeconds = 300;

/** A user at the gateway of the own organisation. */
export interface Caller {
  readonly user: User;
  readonly url: string;
  /** Sends a request with this user's token. @throws as `callGateway` */
  readonly call: <Answer = Json>(request: RestRequest) => Promise<RestAnswer<Answer>>;
}

/** The organisations of the network in a data folder, or of the existing network that its gateway serves. @throws NETWORK_DOWN where none was ever started there */
export function readOrganisations(folder: DataFolder): readonly OrganisationUsers[] {
  const organisations = readPlan(folder.root)?.organisations ?? readExistingMembers(folder);
  if (organisations === undefined) throw networkDown(folder);
  return organisations;
}

/**
 * Logs a user in.
 * @param name as the caller wrote it after `--as`; without it the first user of `role`.
 * @throws USER_UNKNOWN, NETWORK_DOWN
 */
export async function openCaller(folder: DataFolder, name: string | undefined, role: Role = 'clerk'): Promise<Caller> {
  const organisations = readOrganisations(folder);
  const user = name === undefined ? firstUserOf(organisations, role) : resolveUser(organisations, name);
  const url = readGateways(folder)?.find((gateway) => gateway.mspId === user.mspId)?.url;
  if (url === undefined) throw networkDown(folder);
  // A token for each request: between two of them a large file may be hashed.
  const mint = () => mintToken(folder.issuer, user.name, tokenSeconds, Date.now());
  await mint(); // So that a missing issuer is told before anything is read.
  return { user, url, call: async (request) => callGateway(url, { ...request, token: (await mint()).token }) };
}

function networkDown(folder: DataFolder): CliError {
  return new CliError('NETWORK_DOWN', { data: folder.root, wanted: 'a network that runs: yinzheng up --detach' });
}
