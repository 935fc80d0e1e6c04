import { X509Certificate } from 'node:crypto';

import { status } from '@grpc/grpc-js';
import { EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';

import { setRevocationList } from '../../../network/embedded/config/edit-config.js';
import { deliver } from '../../support/network/block-stream.js';
import { changeConfig } from '../../support/network/config-change.js';
import { authorityOf, issueExpiredUser, issueUser } from '../../support/network/issued-users.js';
import { orderersMember } from '../../support/network/strangers.js';
import { ask, commit, freshKey, probeOf } from '../../support/probe/probe-client.js';
import { errorOf, type Scenario, USERS } from '../scenario.js';

const { VALID } = peer.TxValidationCode;
const { FORBIDDEN } = common.Status;

/** Who may do what: by attribute, by membership, by time, and by what the channel has taken back. */
export const accessScenarios: readonly Scenario[] = [
  {
    title: 'a contract decides by an attribute of the certificate that signed, and no client can claim another',
    run: async (network) => {
      const [clerk, notary] = [network.connectAs(USERS.ChongqingMSP), network.connectAs(USERS.ZhejiangMSP)];
      expect(await ask(clerk, 'attribute', 'yz.role')).toBe('clerk');
      expect(await ask(notary, 'attribute', 'yz.role')).toBe('notary');
      expect(await ask(clerk, 'attribute', 'yz.nothing')).toBe('');
      const key = freshKey('attribute');
      expect((await commit(clerk, 'putFor', ['yz.role', 'clerk', key])).code).toBe(VALID);
      const refused = await errorOf(EndorseError, commit(notary, 'putFor', ['yz.role', 'clerk', key]));
      expect(refused.details.map(({ message }) => message)).toEqual(['chaincode response 500, only for yz.role=clerk']);
    },
  },
  {
    title: 'a member of another organisation of the channel that may not write is refused with the policy it fails',
    run: async (network) => {
      const orderers = network.connectWith(orderersMember(network), 'ChongqingMSP');
      const evaluated = await errorOf(GatewayError, ask(orderers, 'get', 'a'));
      expect(evaluated.code).toBe(status.FAILED_PRECONDITION);
      expect(evaluated.message).toContain(
        '9 FAILED_PRECONDITION: evaluate call to endorser returned error: Failed evaluating policy on signed data ' +
          `during check policy on channel [${network.channel}] with policy [/Channel/Application/Writers]: [`,
      );
      await errorOf(EndorseError, commit(orderers, 'put', [freshKey('orderers'), 'x']));
      const { status: delivered } = await deliver(orderers, { start: 'oldest', stop: 'newest' });
      expect(delivered).toBe(FORBIDDEN);
    },
  },
  {
    title: 'a certificate that has expired is refused by peers and by the orderer, whoever holds its key',
    run: async (network) => {
      const late = network.connectWith(await issueExpiredUser(network, 'ChongqingMSP'));
      const evaluated = await errorOf(GatewayError, ask(late, 'get', 'a'));
      // The gateway's own peer first; no other organisation's answers otherwise, over the wire.
      expect(evaluated.details[0]?.message).toBe('proposal client identity expired');
      const endorsed = await errorOf(EndorseError, commit(late, 'put', [freshKey('late'), 'x']));
      expect(endorsed.details.map(({ message }) => message)).toContain('proposal client identity expired');
      const { status: delivered } = await deliver(late, { start: 'oldest', stop: 'newest' });
      expect(delivered).toBe(FORBIDDEN);
    },
  },
  {
    title:
      'a certificate that the channel has taken back is refused from that block on, and what it endorsed before too',
    run: async (network) => {
      const identity = await issueUser(network, 'BeijingMSP', 'leaver@beijing.example');
      const leaver = network.connectWith(identity);
      expect((await commit(leaver, 'put', [freshKey('leaver'), 'still here'])).code).toBe(VALID);
      const proposal = probeOf(leaver).newProposal('put', { arguments: [freshKey('late'), 'x'] });
      const endorsed = await proposal.endorse();
      const serial = BigInt(`0x${new X509Certificate(identity.certificate).serialNumber}`);
      const authority = await authorityOf(network, 'BeijingMSP');
      const list = await authority.revoke([{ serial, revokedMs: Date.now() }], Date.now());
      await changeConfig(network, {
        edit: (root) => {
          setRevocationList(root, 'BeijingMSP', Buffer.from(list));
        },
        signedBy: ['BeijingMSP'],
        user: USERS.BeijingMSP,
      });
      const evaluated = await errorOf(GatewayError, ask(leaver, 'get', 'a'));
      expect([evaluated.code, evaluated.message]).toEqual([
        status.FAILED_PRECONDITION,
        '9 FAILED_PRECONDITION: evaluate call to endorser returned error: error validating proposal: access denied: ' +
          `channel [${network.channel}] creator org [BeijingMSP]`,
      ]);
      // One orderer refuses; of several, each does, and too few are left.
      const submitted = await errorOf(GatewayError, endorsed.submit());
      const said = [submitted.message, ...submitted.details.map(({ message }) => message)].join('\n');
      expect(said).toContain('permission denied');
      const { code } = await commit(network.connectAs(USERS.BeijingMSP), 'put', [freshKey('others'), 'x']);
      expect(code).toBe(VALID);
    },
  },
];
