import { EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import { status } from '@grpc/grpc-js';

import { deliver, heightOf } from '../../support/network/block-stream.js';
import { strangeClerk } from '../../support/network/strangers.js';
import { PROBE, probeOf } from '../../support/probe/probe-client.js';
import { errorOf, type Scenario, USERS } from '../scenario.js';

/** common.Status. */
const [BAD_REQUEST, NOT_FOUND, SUCCESS] = [400, 404, 200];

/** What refusals say, word for word: clients and their users read it. */
export const refusalScenarios: readonly Scenario[] = [
  {
    title: 'a chaincode that nobody defined is refused in the same words on evaluate and on endorse',
    run: async (network) => {
      const contract = network.connectAs(USERS.ChongqingMSP).contract('nosuch');
      const evaluated = await errorOf(GatewayError, contract.evaluateTransaction('get', 'a'));
      expect(evaluated.message).toBe(
        `9 FAILED_PRECONDITION: no peers available to evaluate chaincode nosuch in channel ${network.channel}`,
      );
      const endorsed = await errorOf(EndorseError, contract.submitTransaction('put', 'a', 'b'));
      expect(endorsed.message).toBe(
        '9 FAILED_PRECONDITION: no combination of peers can be derived which satisfy the endorsement policy: ' +
          `No metadata was found for chaincode nosuch in channel ${network.channel}`,
      );
    },
  },
  {
    title: "the gateway's own peer refuses a stranger itself; another organisation's peer does so over the wire",
    run: async (network) => {
      const stranger = network.connectWith(await strangeClerk(), 'BeijingMSP');
      const denied = `error validating proposal: access denied: channel [${network.channel}]`;
      const refusal = `${denied} creator org unknown, creator is malformed`;
      const own = await errorOf(GatewayError, probeOf(stranger).evaluateTransaction('get', 'a'));
      expect([own.code, own.details.map(({ message }) => message)]).toEqual([status.FAILED_PRECONDITION, [refusal]]);
      const options = { arguments: ['a'], endorsingOrganizations: ['ZhejiangMSP'] };
      const other = await errorOf(GatewayError, probeOf(stranger).evaluate('get', options));
      expect([other.code, other.details.map(({ message }) => message)]).toEqual([
        status.UNAVAILABLE,
        [`rpc error: code = Unknown desc = ${refusal}`],
      ]);
      expect(other.message).toBe('14 UNAVAILABLE: failed to evaluate transaction, see attached details for more info');
    },
  },
  {
    title: 'seeks that end before they begin, begin nowhere, or run past the chain have statuses of their own',
    run: async (network) => {
      const connection = network.connectAs(USERS.GuangdongMSP);
      const height = await heightOf(connection);
      const statusOf = async (start: 'newest' | number, stop: 'oldest' | number, failIfNotReady = false) => {
        const delivered = await deliver(connection, { start, stop, failIfNotReady });
        return [delivered.status, delivered.blocks.length];
      };
      expect(await statusOf(1, 0)).toEqual([BAD_REQUEST, 0]);
      expect(await statusOf(height + 5, height + 6)).toEqual([NOT_FOUND, 0]);
      expect(await statusOf(height - 1, height + 1, true)).toEqual([NOT_FOUND, 1]);
      expect(await statusOf('newest', 'oldest')).toEqual([SUCCESS, 1]);
    },
  },
  {
    // Go writes the map of approvals in any order, so that several peers' answers need not be equal bytes.
    title: '_lifecycle tells the definition that is in force, evaluated and endorsed',
    run: async (network) => {
      const lifecycle = network.connectAs(USERS.ZhejiangMSP).contract('_lifecycle');
      const named = new peer.lifecycle.QueryChaincodeDefinitionArgs();
      named.setName(PROBE);
      const args = [named.serializeBinary()];
      const bytes = await lifecycle.evaluateTransaction('QueryChaincodeDefinition', ...args);
      const result = peer.lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(bytes);
      expect([result.getEndorsementPlugin(), result.getValidationPlugin()]).toEqual(['escc', 'vscc']);
      expect(result.getSequence()).toBeGreaterThan(0);
      const options = { arguments: args, endorsingOrganizations: ['GuangdongMSP'] };
      const endorsed = await lifecycle.newProposal('QueryChaincodeDefinition', options).endorse();
      const again = peer.lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(endorsed.getResult());
      expect(again.getVersion()).toBe(result.getVersion());
      named.setName('nosuch');
      const absent = lifecycle.evaluateTransaction('QueryChaincodeDefinition', named.serializeBinary());
      expect((await errorOf(GatewayError, absent)).message).toBe(
        '2 UNKNOWN: evaluate call to endorser returned error: chaincode response 404, namespace nosuch is not defined',
      );
    },
  },
];
