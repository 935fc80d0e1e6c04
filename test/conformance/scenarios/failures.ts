import { status } from '@grpc/grpc-js';
import { EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';

import { startPeer, stopPeer } from '../../../network/manager/peers.js';
import { pollFor } from '../../../network/manager/poll.js';
import { openStatusCalls } from '../../support/network/open-calls.js';
import { ask, commit, freshKey, probeOf } from '../../support/probe/probe-client.js';
import { PROBE_MS_MAX } from '../../support/network/test-network.js';
import { errorOf, type Scenario, USERS } from '../scenario.js';

const { VALID } = peer.TxValidationCode;
/** peer.limits.concurrency.gatewayService, as Fabric's own core.yaml has it. */
const GATEWAY_CALLS_MAX = 500;
const BACK_MS_MAX = 60_000;

/** Whichever notices first, the client's own clock or the peer that gives up the work. */
const OVER: readonly number[] = [status.DEADLINE_EXCEEDED, status.CANCELLED];

/** What clients are told when something fails or takes too long, and that it works again afterwards. */
export const failureScenarios: readonly Scenario[] = [
  {
    title: 'wrong arguments are the contract’s own refusal',
    run: async (network) => {
      const error = await errorOf(GatewayError, ask(network.connectAs(USERS.ChongqingMSP), 'put', 'alone'));
      expect([error.code, error.message]).toEqual([
        status.UNKNOWN,
        '2 UNKNOWN: evaluate call to endorser returned error: chaincode response 500, Expected 2 parameters, but 1 ' +
          'have been supplied',
      ]);
    },
  },
  {
    title: 'a call that its client gives less time than it takes ends with the client’s deadline, and harms nobody',
    run: async (network) => {
      const connection = network.connectAs(USERS.GuangdongMSP);
      const hasty = { deadline: Date.now() + 400 };
      const evaluated = probeOf(connection)
        .newProposal('sleep', { arguments: ['2000'] })
        .evaluate(hasty);
      expect(OVER).toContain((await errorOf(GatewayError, evaluated)).code);
      const endorsed = probeOf(connection)
        .newProposal('sleep', { arguments: ['2000'] })
        .endorse({ deadline: Date.now() + 400 });
      expect(OVER).toContain((await errorOf(EndorseError, endorsed)).code);
      expect(await ask(connection, 'sleep', '1')).toBe('1');
      expect((await commit(connection, 'put', [freshKey('after'), 'in time'])).code).toBe(VALID);
    },
  },
  {
    title: 'a chaincode that takes longer than peers wait is given up, and answers the next call',
    run: async (network) => {
      const connection = network.connectAs(USERS.ZhejiangMSP);
      const proposal = probeOf(connection).newProposal('sleep', {
        arguments: [String(PROBE_MS_MAX + 1_000)],
        endorsingOrganizations: ['ZhejiangMSP'],
      });
      const error = await errorOf(EndorseError, proposal.endorse({ deadline: Date.now() + 60_000 }));
      expect([error.code, error.details.map(({ message }) => message)]).toEqual([
        status.ABORTED,
        [
          `error in simulation: failed to execute transaction ${error.transactionId}: error sending: ` +
            'timeout expired while executing transaction',
        ],
      ]);
      expect(await ask(connection, 'sleep', '1')).toBe('1');
    },
  },
  {
    title: 'a gateway refuses calls above its limit of those that are under way, and takes them again afterwards',
    run: async (network) => {
      const connection = network.connectAs(USERS.BeijingMSP);
      const calls = await openStatusCalls(connection, GATEWAY_CALLS_MAX);
      try {
        const error = await errorOf(GatewayError, ask(connection, 'get', 'a'));
        expect([error.code, error.message, error.details]).toEqual([
          status.UNKNOWN,
          `2 UNKNOWN: too many requests for /gateway.Gateway, exceeding concurrency limit (${GATEWAY_CALLS_MAX})`,
          [],
        ]);
      } finally {
        calls.cancel();
      }
      const answer = await pollFor(BACK_MS_MAX, () => ask(connection, 'sleep', '1').catch(() => undefined));
      expect(answer).toBe('1');
    },
  },
  {
    title: 'a chaincode that crashes in a call is an error of that call, and is started again',
    run: async (network) => {
      const connection = network.connectAs(USERS.ZhejiangMSP);
      const proposal = probeOf(connection).newProposal('die', { endorsingOrganizations: ['ZhejiangMSP'] });
      const error = await errorOf(EndorseError, proposal.endorse());
      expect(error.code).toBe(status.ABORTED);
      expect(error.details.map(({ message }) => message)).toEqual([
        `error in simulation: failed to execute transaction ${error.transactionId}: error sending: chaincode stream terminated`,
      ]);
      const back = await pollFor(BACK_MS_MAX, () => ask(connection, 'sleep', '1').catch(() => undefined));
      expect(back).toBe('1');
      const submitted = await pollFor(BACK_MS_MAX, () =>
        commit(connection, 'put', [freshKey('crash'), 'over']).catch(() => undefined),
      );
      expect(submitted?.code).toBe(VALID);
    },
  },
  {
    title: 'an organisation whose peer is down is planned around, and missed only where it is named',
    run: async (network) => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      const dead = 'peer0.zhejiang.example';
      await stopPeer(network.folder.root, dead);
      try {
        for (let n = 0; n < 3; n += 1) {
          expect((await commit(connection, 'put', [freshKey('without'), 'x'])).code).toBe(VALID);
        }
        const named = probeOf(connection).newProposal('put', {
          arguments: [freshKey('named'), 'x'],
          endorsingOrganizations: ['ChongqingMSP', 'ZhejiangMSP'],
        });
        const error = await errorOf(EndorseError, named.endorse());
        expect([status.UNAVAILABLE, status.ABORTED]).toContain(error.code);
      } finally {
        await startPeer(network.folder.root, dead);
      }
      // Each gateway learns by itself that the peer is back.
      for (const user of Object.values(USERS)) {
        const back = () => commit(network.connectAs(user), 'put', [freshKey('back'), 'x']).catch(() => undefined);
        expect((await pollFor(BACK_MS_MAX, back))?.code).toBe(VALID);
      }
    },
  },
];
