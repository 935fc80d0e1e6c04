import { type Contract, EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';

import { findDomainError } from '../../domain/errors.js';
import { committedDuring } from '../support/network/chain-watch.js';
import { codeOf, statusAt } from '../support/network/commit-status.js';
import { directRegistration, type FileDigests, registration } from '../support/network/evidence-requests.js';
import { forge, withBrokenSignature } from '../support/network/forgery.js';
import { type PeerConnection, textOf } from '../support/network/peer-connection.js';
import { type RestReply, type RestSession } from '../support/network/rest-session.js';
import { enrol, strangeClerk } from '../support/network/strangers.js';
import { TestNetwork } from '../support/network/test-network.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const md5 = 'd41d8cd98f00b204e9800998ecf8427e';

/** Everything here is refused with a code that stays, and leaves nothing behind. */
describe('refusals', () => {
  let network: TestNetwork;
  let watcher: PeerConnection;
  let clerk: RestSession;

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    watcher = network.connectAs('gateway@beijing');
    clerk = await network.restAs('clerk@chongqing');
  });
  afterAll(() => network.close());

  describe('by the gateway: a problem (RFC 9457), and no transaction at all', () => {
    const { digests } = registration();
    const post = (body: unknown) => () => clerk.post('/v1/evidence', body);
    const sent: readonly {
      readonly what: string;
      readonly code: string;
      readonly status: number;
      readonly send: () => Promise<RestReply>;
    }[] = [
      {
        what: 'an md5 digest',
        code: 'ALGORITHM_REFUSED',
        status: 400,
        send: post(registration({ digests: { ...digests, md5 } })),
      },
      {
        what: 'a digest of 63 digits',
        code: 'DIGEST_MALFORMED',
        status: 400,
        send: post(registration({ digests: { 'sha-256': digests['sha-256'].slice(1) } })),
      },
      { what: 'no digest', code: 'DIGEST_MALFORMED', status: 400, send: post(registration({ digests: {} })) },
      {
        what: 'a body that names another submitter',
        code: 'REQUEST_MALFORMED',
        status: 400,
        send: post(registration({ submitter: { mspId: 'ZhejiangMSP', role: 'notary' } })),
      },
      {
        what: 'a role that may not write',
        code: 'ROLE_NOT_ALLOWED',
        status: 403,
        send: async () => (await network.restAs('issuer@chongqing')).post('/v1/evidence', registration()),
      },
      {
        what: 'a role that may not audit',
        code: 'ROLE_NOT_ALLOWED',
        status: 403,
        send: () => clerk.get('/v1/audit/events'),
      },
      {
        what: 'nobody',
        code: 'UNAUTHENTICATED',
        status: 401,
        send: () => network.restAsAnyone().post('/v1/evidence', registration()),
      },
      {
        what: "another organisation's user",
        code: 'UNAUTHENTICATED',
        status: 401,
        send: async () => (await network.restAs('clerk@chongqing', 'zhejiang')).post('/v1/evidence', registration()),
      },
      {
        what: 'an oversized body',
        code: 'REQUEST_TOO_LARGE',
        status: 413,
        send: post(registration({ padding: 'x'.repeat(40_000) })),
      },
      {
        what: 'malformed JSON',
        code: 'REQUEST_MALFORMED',
        status: 400,
        send: () => clerk.send('POST', '/v1/evidence', { text: '{"digests": {' }),
      },
      {
        what: 'a body that is no object',
        code: 'REQUEST_MALFORMED',
        status: 400,
        send: () => clerk.send('POST', '/v1/evidence', { text: '[]' }),
      },
      {
        what: 'a method that a path does not take',
        code: 'METHOD_NOT_ALLOWED',
        status: 405,
        send: () => clerk.get('/v1/evidence'),
      },
      { what: 'an unknown path', code: 'ROUTE_UNKNOWN', status: 404, send: () => clerk.get('/v1/nothing') },
      {
        what: "one organisation's certificate with another's key",
        code: 'UNAUTHENTICATED',
        status: 401,
        send: async () => {
          const { privateKey } = network.identityOf('notary@zhejiang');
          enrol(network.folder.crypto, 'mixed@chongqing.example', {
            ...network.identityOf('clerk@chongqing'),
            privateKey,
          });
          return (await network.restWithToken('mixed@chongqing.example', 'chongqing')).post(
            '/v1/evidence',
            registration(),
          );
        },
      },
      {
        what: 'a certificate of an unknown authority',
        code: 'IDENTITY_REFUSED',
        status: 403,
        send: async () => {
          enrol(network.folder.crypto, 'strange@chongqing.example', await strangeClerk());
          return (await network.restWithToken('strange@chongqing.example', 'chongqing')).post(
            '/v1/evidence',
            registration(),
          );
        },
      },
    ];

    test.each(sent)('$what is $code ($status)', async ({ code, status, send }) => {
      let reply: RestReply | undefined;
      const committed = await committedDuring(watcher, async () => {
        reply = await send();
      });
      expect(reply?.body).toMatchObject({ type: `urn:yinzheng:${code}`, code, status });
      expect(reply?.status).toBe(status);
      expect(reply?.headers.get('content-type')).toContain('application/problem+json');
      expect(committed).toEqual([]);
    });
  });

  describe('by the contract, past the gateway: the same codes, and no endorsement', () => {
    const { digests } = registration();
    const sent: readonly { readonly what: string; readonly code: string; readonly request: string }[] = [
      {
        what: 'an md5 digest',
        code: 'ALGORITHM_REFUSED',
        request: JSON.stringify(directRegistration({ digests: { ...digests, md5 } })),
      },
      {
        what: 'a digest of 63 digits',
        code: 'DIGEST_MALFORMED',
        request: JSON.stringify(directRegistration({ digests: { 'sha-256': digests['sha-256'].slice(1) } })),
      },
      {
        what: 'another submitter',
        code: 'REQUEST_MALFORMED',
        request: JSON.stringify(directRegistration({ submitter: { mspId: 'ZhejiangMSP' } })),
      },
      {
        what: 'an oversized request',
        code: 'REQUEST_TOO_LARGE',
        request: JSON.stringify(directRegistration({ padding: 'x'.repeat(17_000) })),
      },
      { what: 'malformed JSON', code: 'REQUEST_MALFORMED', request: '{"digests": {' },
    ];

    test.each(sent)('$what is $code', async ({ code, request }) => {
      const contract = evidenceOf(network.connectAs('clerk@chongqing'));
      const committed = await committedDuring(watcher, async () => {
        expect(await refusalOf(contract.submitTransaction('register', request))).toBe(code);
      });
      expect(committed).toEqual([]);
    });

    test('a role that may not write is ROLE_NOT_ALLOWED', async () => {
      const contract = evidenceOf(network.connectAs('issuer@chongqing'));
      const committed = await committedDuring(watcher, async () => {
        const refused = contract.submitTransaction('register', JSON.stringify(directRegistration()));
        expect(await refusalOf(refused)).toBe('ROLE_NOT_ALLOWED');
      });
      expect(committed).toEqual([]);
    });

    test.each([
      ['an unknown authority', () => strangeClerk()],
      [
        "another organisation's key",
        () => ({
          ...network.identityOf('clerk@chongqing'),
          privateKey: network.identityOf('notary@zhejiang').privateKey,
        }),
      ],
    ])('a certificate with %s is denied access by every peer', async (_, identityOf) => {
      const identity = await identityOf();
      const committed = await committedDuring(watcher, async () => {
        for (const { mspId } of network.peers) {
          const contract = evidenceOf(network.connectWith(identity, mspId));
          const refused = contract.submitTransaction('register', JSON.stringify(directRegistration()));
          await expect(refused).rejects.toThrow(EndorseError);
          await expect(refused).rejects.toMatchObject({
            code: 10,
            details: [{ mspId, message: expect.stringContaining('access denied') as string }],
          });
        }
      });
      expect(committed).toEqual([]);
    });
  });

  describe('by every peer, at the commit: on the chain as invalid, and without effect', () => {
    const alone = { endorsingOrganizations: ['ChongqingMSP'] };

    test("one organisation's endorsement alone is ENDORSEMENT_POLICY_FAILURE", async () => {
      const connection = network.connectAs('clerk@chongqing');
      const request = directRegistration();
      const options = { arguments: [JSON.stringify(request)], ...alone };
      const endorsed = await evidenceOf(connection).newProposal('register', options).endorse();
      expect(await codeOf(endorsed)).toBe(ENDORSEMENT_POLICY_FAILURE);
      await expectInvalidEverywhere(endorsed.getTransactionId(), ENDORSEMENT_POLICY_FAILURE);
      await expectAbsent(request.digests);
    });

    test('a tampered endorsement is ENDORSEMENT_POLICY_FAILURE', async () => {
      const connection = network.connectAs('clerk@chongqing');
      const request = directRegistration();
      const endorsed = await evidenceOf(connection)
        .newProposal('register', { arguments: [JSON.stringify(request)] })
        .endorse();
      const tampered = forge(connection, endorsed, ({ response, endorsements: [first, ...others] }) => ({
        response,
        endorsements: first === undefined ? [] : [withBrokenSignature(first), ...others],
      }));
      expect(await codeOf(tampered)).toBe(ENDORSEMENT_POLICY_FAILURE);
      await expectInvalidEverywhere(endorsed.getTransactionId(), ENDORSEMENT_POLICY_FAILURE);
      await expectAbsent(request.digests);
    });

    test('a correction that the owner alone, or others alone, endorse does not touch the record', async () => {
      const connection = network.connectAs('clerk@chongqing');
      const created = await clerk.post('/v1/evidence', registration());
      const { id } = created.body.record as { id: string };
      for (const endorsingOrganizations of [['ChongqingMSP'], ['ZhejiangMSP', 'BeijingMSP', 'GuangdongMSP']]) {
        const request = directRegistration({ supersedes: id });
        const options = { arguments: [JSON.stringify(request)], endorsingOrganizations };
        const endorsed = await evidenceOf(connection).newProposal('supersede', options).endorse();
        expect(await codeOf(endorsed)).toBe(ENDORSEMENT_POLICY_FAILURE);
        await expectAbsent(request.digests);
      }
      const { body } = await clerk.get(`/v1/evidence/${id}`);
      expect(body).not.toHaveProperty('supersededBy');
    });

    test('a replayed transaction is DUPLICATE_TXID, and its record is there once', async () => {
      const connection = network.connectAs('clerk@chongqing');
      const request = directRegistration();
      const endorsed = await evidenceOf(connection)
        .newProposal('register', { arguments: [JSON.stringify(request)] })
        .endorse();
      const committed = await committedDuring(watcher, async () => {
        expect(await codeOf(endorsed)).toBe(VALID);
        await endorsed.submit();
        await endorsed.submit();
        // Ordered behind them, so that they are judged when it is.
        await clerk.post('/v1/evidence', registration());
      });
      const codes = committed.filter(({ txId }) => txId === endorsed.getTransactionId()).map(({ code }) => code);
      expect(codes).toEqual(['VALID', 'DUPLICATE_TXID', 'DUPLICATE_TXID']);
      const { body } = await network.restAsAnyone().get(`/v1/verify?alg=sm3&digest=${request.digests.sm3}`);
      expect(body).toMatchObject({ verdict: 'MATCH', records: [{ txId: endorsed.getTransactionId() }] });
      expect(body.records).toHaveLength(1);
    });

    test('refused and rejected transactions show in the audit as what they are', async () => {
      const auditor = await network.restAs('auditor@beijing');
      const { body } = await auditor.get('/v1/audit/events?org=ChongqingMSP&limit=200');
      const codes = (body.events as { code: string }[]).map(({ code }) => code);
      expect(new Set(codes)).toEqual(new Set(['VALID', 'ENDORSEMENT_POLICY_FAILURE', 'DUPLICATE_TXID']));
      expect((await auditor.get('/v1/audit/integrity')).body).toMatchObject({ verdict: 'SOUND', agreeing: 4 });
    });
  });

  async function expectInvalidEverywhere(txId: string, code: number): Promise<void> {
    for (const { mspId } of network.peers) {
      expect((await statusAt(network.connectAs('gateway@beijing', mspId), txId)).code).toBe(code);
    }
  }

  /** Asked of every peer itself. */
  async function expectAbsent(digests: FileDigests): Promise<void> {
    for (const { mspId } of network.peers) {
      const contract = evidenceOf(network.connectAs('gateway@beijing', mspId));
      const found = await contract.evaluateTransaction('find', 'sm3', digests.sm3, '');
      expect(JSON.parse(textOf(found))).toEqual({ records: [] });
    }
  }
});

function evidenceOf(connection: PeerConnection): Contract {
  return connection.network.getContract('yinzheng', 'evidence');
}

/** Our code in what the client library threw. */
async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return findDomainError([error.message, ...error.details.map(({ message }) => message)].join('\n'))?.code;
  }
  throw new Error('nothing was refused');
}
