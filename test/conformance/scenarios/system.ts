import { common, msp, peer } from '@hyperledger/fabric-protos';
import { EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import { status } from '@grpc/grpc-js';

import { readChain } from '../../support/network/block-stream.js';
import { forge } from '../../support/network/forgery.js';
import { type TestNetwork } from '../../support/network/test-network.js';
import { commit, freshKey } from '../../support/probe/probe-client.js';
import { errorOf, type Scenario, USERS } from '../scenario.js';

const EVERYBODY = Object.keys(USERS);

/** What a peer's own chaincodes answer, asked through the gateway as any other. */
export const systemScenarios: readonly Scenario[] = [
  {
    title: 'qscc gives blocks by number, hash and transaction id, with the bytes that deliver gives',
    run: async (network) => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      const { txId, blockNumber } = await commit(connection, 'put', [freshKey('qscc'), 'one']);
      const chain = await readChain(connection);
      const stored = chain[Number(blockNumber)] ?? Buffer.alloc(0);
      const qscc = connection.contract('qscc');
      const asked = (name: string, parameter: string | Uint8Array) =>
        qscc.evaluateTransaction(name, network.channel, parameter);
      expect(Buffer.from(await asked('GetBlockByNumber', String(blockNumber))).equals(stored)).toBe(true);
      expect(Buffer.from(await asked('GetBlockByTxID', txId)).equals(stored)).toBe(true);
      const info = await chainInfo(network);
      const last = await asked('GetBlockByHash', info.getCurrentblockhash_asU8());
      expect(common.Block.deserializeBinary(last).getHeader()?.getNumber()).toBe(info.getHeight() - 1);
      const processed = peer.ProcessedTransaction.deserializeBinary(await asked('GetTransactionByID', txId));
      expect(processed.getValidationcode()).toBe(0);
      const [envelope] = common.Block.deserializeBinary(stored).getData()?.getDataList_asU8() ?? [];
      expect(Buffer.from(processed.getTransactionenvelope()?.serializeBinary() ?? [])).toEqual(
        Buffer.from(envelope ?? []),
      );
    },
  },
  {
    title: 'organisations that are named endorse what qscc answers, with equal bytes and no reads',
    run: async (network) => {
      const connection = network.connectAs(USERS.GuangdongMSP);
      const proposal = connection.contract('qscc').newProposal('GetBlockByNumber', {
        arguments: [network.channel, '0'],
        endorsingOrganizations: EVERYBODY,
      });
      const transaction = await proposal.endorse();
      const [genesis] = await readChain(connection);
      expect(Buffer.from(transaction.getResult()).equals(genesis ?? Buffer.alloc(0))).toBe(true);
      const endorsers: string[] = [];
      forge(connection, transaction, (endorsed) => {
        endorsers.push(...endorsed.endorsements.map(mspIdOf));
        return endorsed;
      });
      expect(endorsers.sort()).toEqual([...EVERYBODY].sort());
    },
  },
  {
    title: 'no plan endorses what qscc answers where nobody is named, as it has no definition',
    run: async (network) => {
      const qscc = network.connectAs(USERS.ChongqingMSP).contract('qscc');
      const error = await errorOf(EndorseError, qscc.submitTransaction('GetChainInfo', network.channel));
      expect([error.code, error.message]).toEqual([
        status.FAILED_PRECONDITION,
        '9 FAILED_PRECONDITION: no combination of peers can be derived which satisfy the endorsement policy: ' +
          `No metadata was found for chaincode qscc in channel ${network.channel}`,
      ]);
    },
  },
  {
    title: 'what qscc does not find is an answer of its own, with its words',
    run: async (network) => {
      const qscc = network.connectAs(USERS.BeijingMSP).contract('qscc');
      const call = qscc.evaluateTransaction('GetTransactionByID', network.channel, 'nosuch');
      const error = await errorOf(GatewayError, call);
      expect([error.code, error.message]).toEqual([
        status.UNKNOWN,
        '2 UNKNOWN: evaluate call to endorser returned error: chaincode response 500, Failed to get transaction with ' +
          'id nosuch, error no such transaction ID [nosuch] in index',
      ]);
    },
  },
  {
    title: 'cscc names the channels, and gives the configuration and its block',
    run: async (network) => {
      const connection = network.connectAs(USERS.ZhejiangMSP);
      const cscc = connection.contract('cscc');
      const channels = peer.ChannelQueryResponse.deserializeBinary(await cscc.evaluateTransaction('GetChannels'));
      expect(channels.getChannelsList().map((each) => each.getChannelId())).toContain(network.channel);
      const block = await cscc.evaluateTransaction('GetConfigBlock', network.channel);
      const number = common.Block.deserializeBinary(block).getHeader()?.getNumber() ?? -1;
      const chain = await readChain(connection);
      expect(Buffer.from(block).equals(chain[number] ?? Buffer.alloc(0))).toBe(true);
      const config = common.Config.deserializeBinary(
        await cscc.evaluateTransaction('GetChannelConfig', network.channel),
      );
      expect(config.getChannelGroup()?.getGroupsMap().has('Application')).toBe(true);
    },
  },
  {
    title: '_lifecycle tells what is defined, and that every organisation has approved it with its own package',
    run: async (network) => {
      const { lifecycle } = peer;
      const ask = async (user: string, name: string, message: { serializeBinary(): Uint8Array }) =>
        network
          .connectAs(user)
          .contract('_lifecycle')
          .evaluateTransaction(name, Buffer.from(message.serializeBinary()));
      const query = new lifecycle.QueryChaincodeDefinitionArgs();
      query.setName('probe');
      const bytes = await ask(USERS.BeijingMSP, 'QueryChaincodeDefinition', query);
      const definition = lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(bytes);
      expect([definition.getSequence(), definition.getVersion()]).toEqual([1, '1.0.0']);
      expect(Object.fromEntries(definition.getApprovalsMap().entries())).toEqual(
        Object.fromEntries(EVERYBODY.map((mspId) => [mspId, true])),
      );
      const approval = new lifecycle.QueryApprovedChaincodeDefinitionArgs();
      approval.setName('probe');
      for (const user of ['admin@chongqing', 'admin@zhejiang']) {
        const own = await ask(user, 'QueryApprovedChaincodeDefinition', approval);
        const approved = lifecycle.QueryApprovedChaincodeDefinitionResult.deserializeBinary(own);
        expect(approved.getSequence()).toBe(1);
        expect(approved.getSource()?.getLocalPackage()?.getPackageId()).toMatch(/^probe_1\.0\.0:[0-9a-f]{64}$/);
      }
    },
  },
];

function mspIdOf(endorsement: peer.Endorsement): string {
  return msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8()).getMspid();
}

async function chainInfo(network: TestNetwork): Promise<common.BlockchainInfo> {
  const qscc = network.connectAs(USERS.ChongqingMSP).contract('qscc');
  return common.BlockchainInfo.deserializeBinary(await qscc.evaluateTransaction('GetChainInfo', network.channel));
}
