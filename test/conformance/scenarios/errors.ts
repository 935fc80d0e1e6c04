import { EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import { status } from '@grpc/grpc-js';

import { deliver, heightOf } from '../../support/network/block-stream.js';
import { strangeClerk } from '../../support/network/strangers.js';
import { type UserIdentity } from '../../support/network/user-identity.js';
import { freshKey, PROBE, probeOf } from '../../support/probe/probe-client.js';
import { errorOf, type Scenario, USERS } from '../scenario.js';

/** common.Status FORBIDDEN. */
const FORBIDDEN = 403;

/** How refusals reach the client: which class, which gRPC status, which text, whose detail. */
export const errorScenarios: readonly Scenario[] = [
  {
    title: 'a contract that throws on evaluate is a GatewayError UNKNOWN with its message',
    run: async (network) => {
      const contract = probeOf(network.connectAs(USERS.ChongqingMSP));
      const error = await errorOf(GatewayError, contract.evaluateTransaction('fail', 'it cannot be'));
      expect(error.code).toBe(status.UNKNOWN);
      expect(error.message).toBe(
        '2 UNKNOWN: evaluate call to endorser returned error: chaincode response 500, it cannot be',
      );
      expect(error.details).toHaveLength(1);
    },
  },
  {
    title: 'a contract that throws on submit is an EndorseError ABORTED, and a detail names the endorser',
    run: async (network) => {
      const connection = network.connectAs(USERS.ZhejiangMSP);
      const before = await heightOf(connection);
      const error = await errorOf(EndorseError, probeOf(connection).submitTransaction('fail', 'it cannot be'));
      const [peer] = network.peers.filter(({ mspId }) => mspId === 'ZhejiangMSP');
      expect(error.code).toBe(status.ABORTED);
      expect(error.transactionId).toMatch(/^[0-9a-f]{64}$/);
      expect(error.details).toEqual([
        { mspId: 'ZhejiangMSP', address: peer?.address, message: 'chaincode response 500, it cannot be' },
      ]);
      expect(await heightOf(connection)).toBe(before);
    },
  },
  {
    title: 'every organisation that was asked to endorse and refused has a detail of its own',
    run: async (network) => {
      const endorsingOrganizations = ['BeijingMSP', 'GuangdongMSP'];
      const options = { arguments: ['no'], endorsingOrganizations };
      const contract = probeOf(network.connectAs(USERS.ChongqingMSP));
      const error = await errorOf(EndorseError, contract.submit('fail', options));
      expect(error.code).toBe(status.ABORTED);
      expect(error.details.map(({ mspId }) => mspId).sort()).toEqual(endorsingOrganizations);
      for (const { message } of error.details) expect(message).toBe('chaincode response 500, no');
    },
  },
  {
    title: 'endorsers that come to different results are not enough, and the detail says why',
    run: async (network) => {
      const contract = probeOf(network.connectAs(USERS.ChongqingMSP));
      const error = await errorOf(EndorseError, contract.submitTransaction('disagree', freshKey('disagree')));
      expect(error.code).toBe(status.ABORTED);
      expect(error.message).toContain('failed to collect enough transaction endorsements');
      expect(error.details.map(({ message }) => message)).toContain('ProposalResponsePayloads do not match');
    },
  },
  {
    title: 'a transaction that the contract does not have is refused by the contract',
    run: async (network) => {
      const contract = probeOf(network.connectAs(USERS.ChongqingMSP));
      const error = await errorOf(GatewayError, contract.evaluateTransaction('nosuch'));
      expect(error.code).toBe(status.UNKNOWN);
    },
  },
  {
    title: 'a chaincode that nobody installed is FAILED_PRECONDITION, on evaluate and on endorse',
    run: async (network) => {
      const contract = network.connectAs(USERS.ChongqingMSP).contract('nosuch');
      const evaluated = await errorOf(GatewayError, contract.evaluateTransaction('get', 'a'));
      expect(evaluated.code).toBe(status.FAILED_PRECONDITION);
      const endorsed = await errorOf(EndorseError, contract.submitTransaction('put', 'a', 'b'));
      expect(endorsed.code).toBe(status.FAILED_PRECONDITION);
    },
  },
  {
    title: 'an organisation that is not there to endorse is UNAVAILABLE',
    run: async (network) => {
      const options = { arguments: ['a', 'b'], endorsingOrganizations: ['NowhereMSP'] };
      const contract = probeOf(network.connectAs(USERS.ChongqingMSP));
      const error = await errorOf(EndorseError, contract.submit('put', options));
      expect(error.code).toBe(status.UNAVAILABLE);
      expect(error.message).toContain('NowhereMSP');
    },
  },
  {
    title: 'a channel that the peer does not serve is refused',
    run: async (network) => {
      const { gateway } = network.connectAs(USERS.ChongqingMSP);
      const contract = gateway.getNetwork('elsewhere').getContract(PROBE);
      const evaluated = await errorOf(GatewayError, contract.evaluateTransaction('get', 'a'));
      expect(evaluated.code).toBe(status.UNAVAILABLE);
      const why = 'failed to get config for channel [elsewhere]: could not get last config for channel elsewhere';
      expect(evaluated.message).toContain(why);
      const endorsed = await errorOf(EndorseError, contract.submitTransaction('put', 'a', 'b'));
      expect(endorsed.code).toBe(status.FAILED_PRECONDITION);
    },
  },
  {
    title: 'a certificate of an authority that nobody knows is refused, everywhere and before anything runs',
    run: async (network) => {
      await expectStranger(network, await strangeClerk());
    },
  },
  {
    title: "one organisation's certificate with another's key is refused",
    run: async (network) => {
      const { certificate, mspId } = network.identityOf(USERS.ChongqingMSP);
      const { privateKey } = network.identityOf(USERS.ZhejiangMSP);
      await expectStranger(network, { mspId, certificate, privateKey });
    },
  },
  {
    title: "a certificate that claims to be another organisation's is refused",
    run: async (network) => {
      await expectStranger(network, { ...network.identityOf(USERS.ChongqingMSP), mspId: 'ZhejiangMSP' });
    },
  },
];

type Network = Parameters<Scenario['run']>[0];

async function expectStranger(network: Network, identity: UserIdentity): Promise<void> {
  const known = network.connectAs(USERS.BeijingMSP);
  const before = await heightOf(known);
  const connection = network.connectWith(identity, 'BeijingMSP');
  const contract = probeOf(connection);
  const evaluated = await errorOf(GatewayError, contract.evaluateTransaction('get', 'a'));
  expect(evaluated.code).toBe(status.FAILED_PRECONDITION);
  expect(evaluated.message).toContain(`access denied: channel [${network.channel}]`);
  const endorsed = await errorOf(EndorseError, contract.submitTransaction('put', 'a', 'b'));
  expect(endorsed.code).toBe(status.ABORTED);
  expect(endorsed.details[0]?.message).toContain('access denied');
  const { status: delivered, blocks } = await deliver(connection, { start: 'oldest', stop: 'newest' });
  expect([delivered, blocks.length]).toEqual([FORBIDDEN, 0]);
  expect(await heightOf(known)).toBe(before);
}
