import { createHash } from 'node:crypto';

import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';

import { heightOf, readChain } from '../../support/network/block-stream.js';
import { readTransactions } from '../../support/network/chain-reader.js';
import { statusAt } from '../../support/network/commit-status.js';
import { textOf } from '../../support/network/peer-connection.js';
import { ask, commit, freshKey, probeOf } from '../../support/probe/probe-client.js';
import { type Scenario, USERS } from '../scenario.js';

const { VALID } = peer.TxValidationCode;

/** Evaluate, submit, asynchronous submit and its status. */
export const callScenarios: readonly Scenario[] = [
  {
    title: 'submit returns after the commit, and every organisation reads what was written',
    run: async (network) => {
      const key = freshKey('submit');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const { txId, code } = await commit(connection, 'put', [key, '印证']);
      expect(code).toBe(VALID);
      for (const user of Object.values(USERS)) {
        const other = network.connectAs(user);
        expect((await statusAt(other, txId)).code).toBe(VALID); // Waits: another peer may be a block behind.
        expect(await ask(other, 'get', key)).toBe('印证');
      }
    },
  },
  {
    title: 'evaluate answers and orders nothing, even where the transaction writes',
    run: async (network) => {
      const key = freshKey('evaluate');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const before = await heightOf(connection);
      await probeOf(connection).evaluateTransaction('put', key, '1');
      expect(await ask(connection, 'get', key)).toBe('');
      expect(await heightOf(connection)).toBe(before);
    },
  },
  {
    title: 'a submitted transaction gives its result at once and its status later, with the block it is in',
    run: async (network) => {
      const key = freshKey('async');
      const connection = network.connectAs(USERS.ZhejiangMSP);
      await commit(connection, 'put', [key, '40']);
      const submitted = await probeOf(connection).submitAsync('add', { arguments: [key, '2'] });
      expect(textOf(submitted.getResult())).toBe('42');
      const status = await submitted.getStatus();
      expect(status).toMatchObject({ code: VALID, successful: true, transactionId: submitted.getTransactionId() });
      const found = readTransactions(await readChain(connection)).find(({ txId }) => txId === status.transactionId);
      expect(BigInt(found?.blockNumber ?? -1)).toBe(status.blockNumber);
    },
  },
  {
    title: 'a transaction reads committed state, never its own writes',
    run: async (network) => {
      const key = freshKey('own-writes');
      const connection = network.connectAs(USERS.ChongqingMSP);
      expect(textOf(await probeOf(connection).submitTransaction('putThenGet', key, 'new'))).toBe('');
      expect(await ask(connection, 'get', key)).toBe('new');
    },
  },
  {
    title: 'the contract sees the identity that signed, and the transaction id that the client computed',
    run: async (network) => {
      for (const [mspId, user] of Object.entries(USERS)) {
        const proposal = probeOf(network.connectAs(user)).newProposal('whoami');
        const answer = JSON.parse(textOf(await proposal.evaluate())) as { id: string };
        expect(answer).toMatchObject({ mspId, txId: proposal.getTransactionId() });
        expect(answer.id).toContain(`CN=${user.split('@')[0] ?? ''}@`);
      }
    },
  },
  {
    title: 'the contract sees creator, claimed time, arguments and binding exactly as the client signed them',
    run: async (network) => {
      const connection = network.connectAs(USERS.ZhejiangMSP);
      const before = Date.now();
      const proposal = probeOf(connection).newProposal('proposal');
      const seen = JSON.parse(textOf(await proposal.evaluate())) as { milliseconds: number };
      const { nonce, creator } = signedHeaderOf(proposal.getBytes());
      const epoch = Buffer.alloc(8);
      expect(seen).toMatchObject({
        mspId: 'ZhejiangMSP',
        certificate: Buffer.from(msp.SerializedIdentity.deserializeBinary(creator).getIdBytes_asU8()).toString(),
        channel: network.channel,
        args: ['proposal'],
        binding: createHash('sha256').update(nonce).update(creator).update(epoch).digest('hex'),
      });
      expect(seen.milliseconds).toBeGreaterThanOrEqual(before);
      expect(seen.milliseconds).toBeLessThanOrEqual(Date.now());
    },
  },
  {
    title: 'a user of one organisation may use the peer of another',
    run: async (network) => {
      const key = freshKey('foreign-peer');
      const connection = network.connectAs(USERS.ChongqingMSP, 'BeijingMSP');
      expect((await commit(connection, 'put', [key, '1'])).code).toBe(VALID);
      expect(await ask(connection, 'get', key)).toBe('1');
    },
  },
  {
    title: 'transient data reaches the contract and never the chain',
    run: async (network) => {
      const secret = freshKey('transient');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const options = { arguments: ['secret'], transientData: { secret } };
      expect(textOf(await probeOf(connection).evaluate('transient', options))).toBe(secret);
      const key = freshKey('with-transient');
      const { code } = await commit(connection, 'put', { arguments: [key, '1'], transientData: { secret } });
      expect(code).toBe(VALID);
      expect(Buffer.concat(await readChain(connection)).includes(secret)).toBe(false);
    },
  },
  {
    title: 'a deleted key reads as absent, and may be written again',
    run: async (network) => {
      const key = freshKey('delete');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'put', [key, '1']);
      await commit(connection, 'remove', [key]);
      expect(await ask(connection, 'get', key)).toBe('');
      expect((await commit(connection, 'put', [key, '2'])).code).toBe(VALID);
      expect(await ask(connection, 'get', key)).toBe('2');
    },
  },
  {
    title: 'many users at many peers submit at once, and every transaction is committed once',
    run: async (network) => {
      const prefix = freshKey('parallel');
      const connections = Object.values(USERS).map((user) => network.connectAs(user));
      const committed = await Promise.all(
        Array.from({ length: 40 }, (_, n) => {
          const connection = connections[n % connections.length];
          if (connection === undefined) throw new Error('a consortium has users');
          return commit(connection, 'put', [`${prefix}${n}`, String(n)]);
        }),
      );
      expect(committed.map(({ code }) => code)).toEqual(committed.map(() => VALID));
      const [first] = connections;
      if (first === undefined) throw new Error('a consortium has users');
      const all = readTransactions(await readChain(first)).map(({ txId }) => txId);
      for (const { txId } of committed) expect(all.filter((other) => other === txId)).toHaveLength(1);
    },
  },
];

/** Nonce and creator of a client's proposal. @param bytes `gateway.ProposedTransaction` */
function signedHeaderOf(bytes: Uint8Array): { readonly nonce: Uint8Array; readonly creator: Uint8Array } {
  const signed = gateway.ProposedTransaction.deserializeBinary(bytes).getProposal()?.getProposalBytes_asU8();
  const proposal = peer.Proposal.deserializeBinary(signed ?? new Uint8Array());
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
  return { nonce: signatureHeader.getNonce_asU8(), creator: signatureHeader.getCreator_asU8() };
}
