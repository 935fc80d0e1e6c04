import { type Transaction } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';

import { codeOf } from '../../support/network/commit-status.js';
import { forge, withBrokenSignature } from '../../support/network/forgery.js';
import { type PeerConnection } from '../../support/network/peer-connection.js';
import { ask, askValue, commit, freshKey, probeOf } from '../../support/probe/probe-client.js';
import { type Scenario, USERS } from '../scenario.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;

/** Endorsement policies of the chaincode (any 2 of 4) and of single keys, and what forgers make of endorsements. */
export const policyScenarios: readonly Scenario[] = [
  {
    title: "one organisation's endorsement alone is ENDORSEMENT_POLICY_FAILURE and changes nothing",
    run: async (network) => {
      const key = freshKey('alone');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const { code } = await commit(connection, 'put', putBy(key, 'x', 'ChongqingMSP'));
      expect(code).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await ask(connection, 'get', key)).toBe('');
    },
  },
  {
    title: 'any two organisations are enough, the own one or not',
    run: async (network) => {
      const key = freshKey('two');
      const connection = network.connectAs(USERS.ChongqingMSP);
      expect((await commit(connection, 'put', putBy(key, '1', 'ChongqingMSP', 'BeijingMSP'))).code).toBe(VALID);
      expect((await commit(connection, 'put', putBy(key, '2', 'GuangdongMSP', 'ZhejiangMSP'))).code).toBe(VALID);
      expect(await ask(connection, 'get', key)).toBe('2');
    },
  },
  {
    title: 'the same endorsement twice counts once',
    run: async (network) => {
      const key = freshKey('doubled');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const endorsed = await endorse(connection, key, 'x', 'ChongqingMSP');
      const doubled = forge(connection, endorsed, ({ response, endorsements }) => ({
        response,
        endorsements: [...endorsements, ...endorsements],
      }));
      expect(await codeOf(doubled)).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await ask(connection, 'get', key)).toBe('');
    },
  },
  {
    title: 'an endorsement whose signature was altered does not count',
    run: async (network) => {
      const key = freshKey('altered');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const endorsed = await endorse(connection, key, 'x', 'ChongqingMSP', 'BeijingMSP');
      const altered = forge(connection, endorsed, ({ response, endorsements: [first, ...others] }) => ({
        response,
        endorsements: [...(first === undefined ? [] : [withBrokenSignature(first)]), ...others],
      }));
      expect(await codeOf(altered)).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await ask(connection, 'get', key)).toBe('');
    },
  },
  {
    title: 'endorsements do not cover a result that was altered after they were given',
    run: async (network) => {
      const key = freshKey('result');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const endorsed = await endorse(connection, key, 'true1', 'ChongqingMSP', 'BeijingMSP');
      const altered = forge(connection, endorsed, ({ response, endorsements }) => ({
        // The written value is the only place in the response that holds these five bytes.
        response: replaceBytes(response, 'true1', 'false'),
        endorsements,
      }));
      expect(await codeOf(altered)).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await ask(connection, 'get', key)).toBe('');
    },
  },
  {
    title: "an endorsement of another transaction's result does not count",
    run: async (network) => {
      const key = freshKey('borrowed');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const other = await endorse(connection, key, 'other', 'BeijingMSP');
      let borrowed: readonly peer.Endorsement[] = [];
      forge(connection, other, (endorsed) => {
        borrowed = endorsed.endorsements;
        return endorsed;
      });
      const own = await endorse(connection, key, 'x', 'ChongqingMSP');
      const mixed = forge(connection, own, ({ response, endorsements }) => ({
        response,
        endorsements: [...endorsements, ...borrowed],
      }));
      expect(borrowed).toHaveLength(1);
      expect(await codeOf(mixed)).toBe(ENDORSEMENT_POLICY_FAILURE);
    },
  },
  {
    title: "a key's own policy replaces the chaincode's: others are not enough, the named ones are",
    run: async (network) => {
      const key = freshKey('keyed');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await setPolicy(connection, key, 'ZhejiangMSP', 'BeijingMSP');
      const stranger = await commit(connection, 'put', putBy(key, 'x', 'ChongqingMSP', 'GuangdongMSP'));
      expect(stranger.code).toBe(ENDORSEMENT_POLICY_FAILURE);
      const half = await commit(connection, 'put', putBy(key, 'x', 'ChongqingMSP', 'ZhejiangMSP', 'GuangdongMSP'));
      expect(half.code).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await ask(connection, 'get', key)).toBe('first');
      expect((await commit(connection, 'put', putBy(key, '2', 'ZhejiangMSP', 'BeijingMSP'))).code).toBe(VALID);
      expect(await ask(connection, 'get', key)).toBe('2');
    },
  },
  {
    title: 'the gateway finds the organisations that a key wants, without being told',
    run: async (network) => {
      const key = freshKey('planned');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await setPolicy(connection, key, 'GuangdongMSP', 'BeijingMSP');
      expect((await commit(connection, 'put', [key, '2'])).code).toBe(VALID);
      expect(await ask(connection, 'get', key)).toBe('2');
    },
  },
  {
    title: 'a key whose policy names one organisation needs that one alone',
    run: async (network) => {
      const key = freshKey('single');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await setPolicy(connection, key, 'GuangdongMSP');
      expect((await commit(connection, 'put', putBy(key, '2', 'GuangdongMSP'))).code).toBe(VALID);
      expect((await commit(connection, 'put', putBy(key, '3', 'ChongqingMSP', 'BeijingMSP'))).code).toBe(
        ENDORSEMENT_POLICY_FAILURE,
      );
      expect(await ask(connection, 'get', key)).toBe('2');
    },
  },
  {
    title: "a key's policy guards its own change and its key's deletion",
    run: async (network) => {
      const key = freshKey('guarded');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await setPolicy(connection, key, 'ZhejiangMSP', 'BeijingMSP');
      const endorsingOrganizations = ['ChongqingMSP', 'GuangdongMSP'];
      const loosened = { arguments: [key, '["ChongqingMSP"]'], endorsingOrganizations };
      expect((await commit(connection, 'setPolicy', loosened)).code).toBe(ENDORSEMENT_POLICY_FAILURE);
      const removal = { arguments: [key], endorsingOrganizations };
      expect((await commit(connection, 'remove', removal)).code).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await askValue(connection, 'policyOf', key)).toEqual(['BeijingMSP', 'ZhejiangMSP']);
      expect(await ask(connection, 'get', key)).toBe('first');
    },
  },
  {
    title: 'a policy that a transaction sets holds for the next one, even where both were endorsed before',
    run: async (network) => {
      const key = freshKey('tightened');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'put', [key, 'first']);
      const late = await endorse(connection, key, 'late', 'ChongqingMSP', 'GuangdongMSP');
      const tighten = { arguments: [key, '["ZhejiangMSP","BeijingMSP"]'] };
      expect((await commit(connection, 'setPolicy', tighten)).code).toBe(VALID);
      expect(await codeOf(late)).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await ask(connection, 'get', key)).toBe('first');
    },
  },
];

function putBy(key: string, value: string, ...endorsingOrganizations: string[]) {
  return { arguments: [key, value], endorsingOrganizations };
}

function endorse(connection: PeerConnection, key: string, value: string, ...mspIds: string[]): Promise<Transaction> {
  return probeOf(connection)
    .newProposal('put', putBy(key, value, ...mspIds))
    .endorse();
}

/** Writes a key and gives it a policy of its own. */
async function setPolicy(connection: PeerConnection, key: string, ...mspIds: string[]): Promise<void> {
  expect((await commit(connection, 'put', [key, 'first'])).code).toBe(VALID);
  expect((await commit(connection, 'setPolicy', [key, JSON.stringify(mspIds)])).code).toBe(VALID);
}

function replaceBytes(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(from);
  expect(at).toBeGreaterThan(0);
  copy.write(to, at);
  return copy;
}
