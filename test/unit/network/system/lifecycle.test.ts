import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { peer } from '@hyperledger/fabric-protos';

import { CollectionRules } from '../../../../network/embedded/commit/collection-rules.js';
import { readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import { Simulator } from '../../../../network/embedded/endorse/simulator.js';
import { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import { type Identity } from '../../../../network/embedded/msp/identity.js';
import { PackageStore } from '../../../../network/embedded/packages/package-store.js';
import { createLifecycle } from '../../../../network/embedded/system/lifecycle/lifecycle-scc.js';
import { type AdoptedChaincode } from '../../../../network/embedded/system/served-channel.js';
import { readBlock } from '../../../../network/embedded/wire/block.js';
import { readEnvelope } from '../../../../network/embedded/wire/envelope.js';
import { withVerdicts } from '../../../../network/embedded/wire/metadata.js';
import { readInvocation } from '../../../../network/embedded/wire/proposal.js';
import { Fields } from '../../../../network/embedded/wire/protobuf-reader.js';
import { Writer } from '../../../../network/embedded/wire/protobuf-writer.js';
import { type Response } from '../../../../network/embedded/wire/transaction.js';
import {
  readChaincodeAction,
  readEndorserTransaction,
  readResponsePayload,
} from '../../../../network/embedded/wire/transaction.js';
import { encodeUstar } from '../../../../network/fabric/ustar.js';
import { packageOf } from '../../../support/network/chaincode-package.js';
import { peerBlockBytes } from '../../../vectors/vectors.js';
import { judgeFor } from '../ledger/ledger-folder.js';

/** Blocks 1 and 2 are a real network's: four approvals, and the definition that they allow. */
const channel = readChannelConfig(peerBlockBytes(0));
const { channelId } = channel;
let folder: string;
let ledger: PeerLedger;
/** What administrators installed; read anew by each call, as after a restart. */
const openStore = (): PackageStore => {
  const tls = { certificateFile: '', privateKeyFile: '', caFile: '' };
  const runtimeParams = {
    useWriteBatch: false,
    maxSizeWriteBatch: 0,
    useGetMultipleKeys: false,
    maxSizeGetMultipleKeys: 0,
  };
  return new PackageStore(join(folder, 'packages'), {
    mspId: 'BeijingMSP',
    tls,
    runtimeParams,
    executeTimeoutMs: 1_000,
  });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  ledger = await PeerLedger.open(folder, { fsync: false });
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

async function commitUpTo(last: number): Promise<void> {
  for (let number = 0; number <= last; number += 1) {
    const block = withVerdicts(readBlock(peerBlockBytes(number)), [], new Uint8Array(0));
    await ledger.commit(block, await judgeFor(ledger, block, channel));
  }
}

/** What a real transaction asked for, by whom, and what its endorsers said that it read and wrote. */
function realCall(number: number, index: number) {
  const envelope = readEnvelope(readBlock(peerBlockBytes(number)).envelopes[index] ?? new Uint8Array());
  const transaction = readEndorserTransaction(envelope.data);
  const { args } = readInvocation(new Fields(transaction.proposalPayload).bytes(1));
  const action = readChaincodeAction(readResponsePayload(transaction.responsePayload).extension);
  const creator = channel.msps.deserialize(envelope.signatureHeader.creator);
  return { args, creator, results: action.results, response: action.response };
}

interface Simulated {
  readonly response: Response;
  readonly results: Uint8Array;
}

async function simulate(
  args: readonly Uint8Array[],
  creator: Identity,
  mspId: string,
  adopted: readonly AdoptedChaincode[] = [],
): Promise<Simulated> {
  const state = ledger.openState();
  try {
    const rules = new CollectionRules(state, channel.applicationMspIds);
    const hasCollection = (namespace: string, name: string) => rules.find(namespace, name) !== undefined;
    const simulator = new Simulator(state, { txId: 'tx', hasCollection });
    const served = { config: () => channel, chain: ledger, adopted: () => Promise.resolve(adopted) };
    const context = { mspId, channels: () => new Map([[channelId, served]]) };
    const names = { label: 'evidence_1.0', packageId: 'evidence_1.0:ab', name: 'evidence', version: '1.0' };
    const installed = [{ ...names, channels: [channelId] }];
    const store = openStore();
    const lifecycle = createLifecycle(context, {
      deployed: () => installed,
      installed: () => store.packages,
      install: (bytes) => store.install(bytes),
      load: (packageId) => store.load(packageId),
    });
    const response = await lifecycle.invoke({ args, channelId, calledName: '_lifecycle', creator, simulator });
    return { response, results: simulator.resultBytes() };
  } finally {
    await state.close();
  }
}

const call = (name: string, message: { serializeBinary: () => Uint8Array }) => [
  Buffer.from(name),
  message.serializeBinary(),
];

test.each([0, 1, 2, 3])(
  'approval %i leads to the very reads, writes and hashes that a real peer endorsed',
  async (index) => {
    await commitUpTo(0);
    const { args, creator, results } = realCall(1, index);
    const simulated = await simulate(args, creator, creator.mspId);
    expect(simulated.response).toMatchObject({ status: 200, message: '' });
    expect(Buffer.from(simulated.results).toString('hex')).toBe(Buffer.from(results).toString('hex'));
  },
);

test('a commit leads to the very reads and writes that four real peers endorsed', async () => {
  await commitUpTo(1);
  const { args, creator, results } = realCall(2, 0);
  const simulated = await simulate(args, creator, 'BeijingMSP');
  expect(simulated.response).toMatchObject({ status: 200, message: '' });
  expect(Buffer.from(simulated.results).toString('hex')).toBe(Buffer.from(results).toString('hex'));
});

describe('after a real commit', () => {
  beforeEach(() => commitUpTo(2));
  const { creator } = realCall(2, 0);

  test('the definition is told, and that all four organisations have approved it', async () => {
    const args = new peer.lifecycle.QueryChaincodeDefinitionArgs();
    args.setName('evidence');
    const { response } = await simulate(call('QueryChaincodeDefinition', args), creator, 'BeijingMSP');
    const result = peer.lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(response.payload);
    expect(result.getSequence()).toBe(1);
    expect([result.getEndorsementPlugin(), result.getValidationPlugin()]).toEqual(['escc', 'vscc']);
    expect(
      result
        .getApprovalsMap()
        .toArray()
        .map(([, approved]) => approved),
    ).toEqual([true, true, true, true]);
    const all = await simulate(
      call('QueryChaincodeDefinitions', new peer.lifecycle.QueryChaincodeDefinitionsArgs()),
      creator,
      'BeijingMSP',
    );
    const list = peer.lifecycle.QueryChaincodeDefinitionsResult.deserializeBinary(all.response.payload);
    expect(list.getChaincodeDefinitionsList().map((each) => each.getName())).toEqual(['evidence']);
  });

  test('nobody has approved the next one, and who did not says so', async () => {
    const next = new peer.lifecycle.CheckCommitReadinessArgs();
    next.setName('evidence');
    next.setVersion('2.0');
    next.setSequence(2);
    const { response } = await simulate(call('CheckCommitReadiness', next), creator, 'BeijingMSP');
    const result = peer.lifecycle.CheckCommitReadinessResult.deserializeBinary(response.payload);
    expect(result.getApprovalsMap().get('BeijingMSP')).toBe(false);
    expect(result.getMismatchesMap().get('BeijingMSP')?.getItemsList()).toEqual(['ChaincodeParameters']);
    const commit = await simulate(call('CommitChaincodeDefinition', next), creator, 'BeijingMSP');
    expect(commit.response).toMatchObject({
      status: 500,
      message:
        "failed to invoke backing implementation of 'CommitChaincodeDefinition': chaincode definition not agreed to " +
        'by this org (BeijingMSP)',
    });
  });

  test.each<[string, () => [string, { serializeBinary: () => Uint8Array }], number, string]>([
    [
      'an unknown definition',
      () => {
        const args = new peer.lifecycle.QueryChaincodeDefinitionArgs();
        args.setName('nosuch');
        return ['QueryChaincodeDefinition', args];
      },
      404,
      'namespace nosuch is not defined',
    ],
    [
      'a sequence that is not the next',
      () => {
        const args = new peer.lifecycle.CheckCommitReadinessArgs();
        args.setName('evidence');
        args.setVersion('1.0');
        args.setSequence(5);
        return ['CheckCommitReadiness', args];
      },
      500,
      "failed to invoke backing implementation of 'CheckCommitReadiness': requested sequence is 5, " +
        'but new definition must be sequence 2',
    ],
    [
      'a chaincode name that is not allowed',
      () => {
        const args = new peer.lifecycle.CommitChaincodeDefinitionArgs();
        args.setName('-x');
        args.setVersion('1.0');
        args.setSequence(1);
        return ['CommitChaincodeDefinition', args];
      },
      500,
      "failed to invoke backing implementation of 'CommitChaincodeDefinition': error validating chaincode " +
        "definition: invalid chaincode name '-x'. Names can only consist of alphanumerics, '_', and '-' and can " +
        'only begin with alphanumerics',
    ],
  ])('%s is refused in Fabric’s words', async (_what, make, status, message) => {
    const [name, args] = make();
    expect((await simulate(call(name, args), creator, 'BeijingMSP')).response).toMatchObject({ status, message });
  });

  test('what is the organisation’s own is for its own administrators', async () => {
    const args = call('QueryInstalledChaincodes', new peer.lifecycle.QueryInstalledChaincodesArgs());
    const other = channel.applicationMspIds.find((mspId) => mspId !== creator.mspId) ?? '';
    expect((await simulate(args, creator, other)).response.message).toContain(
      'Failed to authorize invocation due to failed ACL check: Failed deserializing proposal creator during ' +
        'channelless check policy with policy [Admins]',
    );
    const { response } = await simulate(args, creator, creator.mspId);
    const result = peer.lifecycle.QueryInstalledChaincodesResult.deserializeBinary(response.payload);
    expect(result.getInstalledChaincodesList().map((each) => each.getPackageId())).toEqual(['evidence_1.0:ab']);
  });

  const { mspId } = creator;
  const service = JSON.stringify({ address: '127.0.0.1:9999', dial_timeout: '10s', tls_required: false });
  const install = (bytes: Uint8Array, as = mspId) => {
    const args = new peer.lifecycle.InstallChaincodeArgs();
    args.setChaincodeInstallPackage(bytes);
    return simulate(call('InstallChaincode', args), creator, as);
  };

  test('a package that an administrator installs is kept, told, and given back byte for byte', async () => {
    const bytes = packageOf({ type: 'ccaas', label: 'basic_1.0' }, { 'connection.json': service });
    const packageId = `basic_1.0:${createHash('sha256').update(bytes).digest('hex')}`;
    const { response } = await install(bytes);
    const result = peer.lifecycle.InstallChaincodeResult.deserializeBinary(response.payload);
    expect([result.getLabel(), result.getPackageId()]).toEqual(['basic_1.0', packageId]);
    expect((await install(bytes)).response.message).toBe(
      `failed to invoke backing implementation of 'InstallChaincode': chaincode already successfully installed (package ID '${packageId}')`,
    );

    const named = new peer.lifecycle.QueryInstalledChaincodeArgs();
    named.setPackageId(packageId);
    const adopted = [{ name: 'basic', version: '1.0', packageId }];
    const one = await simulate(call('QueryInstalledChaincode', named), creator, mspId, adopted);
    const told = peer.lifecycle.QueryInstalledChaincodeResult.deserializeBinary(one.response.payload);
    const references = told.getReferencesMap().get(channelId)?.toObject();
    expect([told.getLabel(), references]).toEqual([
      'basic_1.0',
      { chaincodesList: [{ name: 'basic', version: '1.0' }] },
    ]);
    const list = call('QueryInstalledChaincodes', new peer.lifecycle.QueryInstalledChaincodesArgs());
    const { payload } = (await simulate(list, creator, mspId)).response;
    const all = peer.lifecycle.QueryInstalledChaincodesResult.deserializeBinary(payload).getInstalledChaincodesList();
    expect(all.map((each) => each.getPackageId())).toEqual(['evidence_1.0:ab', packageId]);

    const wanted = new peer.lifecycle.GetInstalledChaincodePackageArgs();
    wanted.setPackageId(packageId);
    const got = await simulate(call('GetInstalledChaincodePackage', wanted), creator, mspId);
    const back = peer.lifecycle.GetInstalledChaincodePackageResult.deserializeBinary(got.response.payload);
    expect(bytes.equals(back.getChaincodeInstallPackage_asU8())).toBe(true);
  });

  const metadata = { type: 'ccaas', label: 'basic_1.0' };
  const connection = { 'connection.json': service };
  test.each<[string, Uint8Array, string]>([
    [
      'no archive',
      Buffer.from('this is no package'),
      'could not parse as a chaincode install package: error reading as gzip stream: gzip: invalid header',
    ],
    ['nothing', Buffer.alloc(0), 'could not parse as a chaincode install package: error reading as gzip stream: EOF'],
    [
      'half an archive',
      packageOf(metadata, connection).subarray(0, 200),
      'could not parse as a chaincode install package: error reading as gzip stream: unexpected EOF',
    ],
    [
      'no code',
      gzipSync(encodeUstar([{ path: 'metadata.json', content: Buffer.from('{}') }])),
      'could not parse as a chaincode install package: did not find a code package inside the package',
    ],
    [
      'no metadata',
      gzipSync(encodeUstar([{ path: 'code.tar.gz', content: Buffer.from('') }])),
      'could not parse as a chaincode install package: did not find any package metadata (missing metadata.json)',
    ],
    [
      'a label that leaves the folder',
      packageOf({ type: 'ccaas', label: '../x' }, connection),
      "could not parse as a chaincode install package: invalid label '../x'. Label must be non-empty, can only consist of alphanumerics, symbols from '.+-_', and can only begin with alphanumerics",
    ],
    [
      'a language that needs a builder',
      packageOf({ type: 'golang', label: 'go_1' }, { 'src/main.go': '' }),
      'could not build chaincode: chaincode type not supported: golang',
    ],
    [
      'no address',
      packageOf(metadata, { 'other.json': '{}' }),
      'could not build chaincode: external builder failed to build: connection.json not found in source folder',
    ],
    [
      'an address to be filled in',
      packageOf(metadata, { 'connection.json': '{"address":"{{.peername}}:9999"}' }),
      'could not build chaincode: external builder failed to build: connection.json is not one that this peer can use',
    ],
  ])('a package of %s is not installed', async (_, bytes, why) => {
    const { response } = await install(bytes);
    expect(response).toMatchObject({
      status: 500,
      message: `failed to invoke backing implementation of 'InstallChaincode': ${why}`,
    });
    expect(openStore().packages).toEqual([]);
  });

  test.each([
    ['QueryInstalledChaincode', "could not find chaincode with package id 'no:such'"],
    [
      'GetInstalledChaincodePackage',
      "could not load cc install package: chaincode install package 'no:such' not found",
    ],
  ])('%s says what is not there, and nothing to strangers', async (name, why) => {
    const args = new peer.lifecycle.QueryInstalledChaincodeArgs();
    args.setPackageId('no:such');
    const { response } = await simulate(call(name, args), creator, mspId);
    expect(response).toMatchObject({
      status: 500,
      message: `failed to invoke backing implementation of '${name}': ${why}`,
    });
    const other = channel.applicationMspIds.find((each) => each !== mspId) ?? '';
    const refused = (await simulate(call(name, args), creator, other)).response.message;
    expect(refused).toContain('channelless check policy with policy [Admins]');
    expect((await install(packageOf(metadata, connection), other)).response.message).toContain('policy [Admins]');
  });

  test('other forms of a call are refused', async () => {
    const wrong = await simulate([Buffer.from('QueryChaincodeDefinition')], creator, 'BeijingMSP');
    expect(wrong.response.message).toBe('lifecycle scc operations require exactly two arguments but received 1');
    const unknown = await simulate([Buffer.from('Nothing'), new Writer().bytes()], creator, 'BeijingMSP');
    expect(unknown.response.message).toBe(
      'Failed to authorize invocation due to failed ACL check: Unmapped policy for _lifecycle/Nothing',
    );
  });
});
