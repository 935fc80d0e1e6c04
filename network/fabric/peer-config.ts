import { join } from 'node:path';
import { stringify } from 'yaml';

import { type FabricPeerPlan } from '../plan/fabric-plan.js';

/**
 * Where a peer keeps what its builder made of chaincode packages: addresses and keys of the time when it was made.
 * Source: Fabric internal/peer/node/start.go.
 */
export function buildsFolder({ ledgerFolder }: Pick<FabricPeerPlan, 'ledgerFolder'>): string {
  return join(ledgerFolder, 'externalbuilder', 'builds');
}

/**
 * `core.yaml` of one peer. Whatever is left out keeps the default that the peer's code has for it; the rest is what a
 * network without containers on loopback needs, each line for a reason:
 * no container engine (`vm.endpoint` empty, so that only the external builder runs chaincodes), discovery through
 * gossip at a known address, and a short `reconnectInterval`, without which peers that join together do not find each
 * other for half a minute. Source: Fabric sampleconfig/core.yaml.
 * @param bootstrap address of the peer of the same organisation that is asked first. @param builder folder of the ccaas builder
 */
export function formatPeerConfig(peer: FabricPeerPlan, bootstrap: string, builder: string): string {
  const { id, mspId, address, tls, folder, ledgerFolder } = peer;
  const { endorserService, deliverService, gatewayService } = peer.limits;
  return stringify({
    peer: {
      id,
      networkId: 'yinzheng',
      listenAddress: `${peer.host}:${peer.port}`,
      address,
      chaincodeListenAddress: `${peer.localHost}:${peer.chaincodePort}`,
      localMspId: mspId,
      mspConfigPath: join(folder, 'msp'),
      fileSystemPath: ledgerFolder,
      gateway: { enabled: true, endorsementTimeout: '30s', broadcastTimeout: '30s', dialTimeout: '10s' },
      keepalive: {
        interval: '7200s',
        timeout: '20s',
        minInterval: '10s',
        client: { interval: '60s', timeout: '20s' },
        deliveryClient: { interval: '60s', timeout: '20s' },
      },
      gossip: gossip(address, bootstrap),
      tls: tlsEnd(tls),
      authentication: { timewindow: '15m' },
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
      client: { connTimeout: '3s' },
      deliveryclient: {
        blockGossipEnabled: false,
        reconnectTotalTimeThreshold: '3600s',
        connTimeout: '3s',
        reConnectBackoffThreshold: '2s',
        minimalReconnectInterval: '100ms',
        blockCensorshipTimeoutKey: '30s',
        policy: 'cluster',
      },
      handlers: {
        authFilters: [{ name: 'DefaultAuth' }, { name: 'ExpirationCheck' }, { name: 'TimeWindowCheck' }],
        decorators: [{ name: 'DefaultDecorator' }],
        endorsers: { escc: { name: 'DefaultEndorsement', library: '' } },
        validators: { vscc: { name: 'DefaultValidation', library: '' } },
      },
      discovery: { enabled: true, authCacheEnabled: true, authCacheMaxSize: 1000, authCachePurgeRetentionRatio: 0.75 },
      limits: { concurrency: { endorserService, deliverService, gatewayService } },
      maxRecvMsgSize: 104_857_600,
      maxSendMsgSize: 104_857_600,
    },
    vm: { endpoint: '' },
    chaincode: chaincode(builder, peer),
    ledger: ledger(ledgerFolder),
    operations: { listenAddress: '127.0.0.1:0', tls: { enabled: false } },
    metrics: { provider: 'disabled' },
  });
}

function tlsEnd({ certificateFile, privateKeyFile, caFile }: FabricPeerPlan['tls']): object {
  return {
    enabled: true,
    clientAuthRequired: false,
    cert: { file: certificateFile },
    key: { file: privateKeyFile },
    rootcert: { file: caFile },
    clientRootCAs: { files: [caFile] },
  };
}

function chaincode(builder: string, { runtimeParams, limits }: FabricPeerPlan): object {
  return {
    externalBuilders: [
      { name: 'ccaas', path: builder, propagateEnvironment: ['CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG'] },
    ],
    installTimeout: '300s',
    startuptimeout: '300s',
    executetimeout: `${limits.executeTimeoutMs}ms`,
    mode: 'net',
    keepalive: 0,
    system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
    runtimeParams,
  };
}

function ledger(ledgerFolder: string): object {
  return {
    state: { stateDatabase: 'goleveldb', totalQueryLimit: 100_000 },
    history: { enableHistoryDatabase: true },
    pvtdataStore: {
      collElgProcMaxDbBatchSize: 5000,
      collElgProcDbBatchesInterval: 1000,
      deprioritizedDataReconcilerInterval: '60m',
      purgeInterval: 100,
      purgedKeyAuditLogging: true,
    },
    snapshots: { rootDir: join(ledgerFolder, 'snapshots') },
  };
}

/** Every peer of these small networks fetches blocks from an orderer itself; gossip is for discovery and private data. */
function gossip(address: string, bootstrap: string): object {
  return {
    bootstrap,
    endpoint: address,
    externalEndpoint: address,
    useLeaderElection: false,
    orgLeader: true,
    membershipTrackerInterval: '5s',
    maxBlockCountToStore: 10,
    maxPropagationBurstLatency: '10ms',
    maxPropagationBurstSize: 10,
    propagateIterations: 1,
    propagatePeerNum: 3,
    pullInterval: '4s',
    pullPeerNum: 3,
    requestStateInfoInterval: '4s',
    publishStateInfoInterval: '4s',
    publishCertPeriod: '10s',
    dialTimeout: '3s',
    connTimeout: '2s',
    recvBuffSize: 20,
    sendBuffSize: 200,
    digestWaitTime: '1s',
    requestWaitTime: '1500ms',
    responseWaitTime: '2s',
    aliveTimeInterval: '2s',
    aliveExpirationTimeout: '10s',
    reconnectInterval: '2s',
    maxConnectionAttempts: 120,
    msgExpirationFactor: 20,
    pvtData: {
      pullRetryThreshold: '10s',
      transientstoreMaxBlockRetention: 20_000,
      pushAckTimeout: '3s',
      btlPullMargin: 10,
      reconcileBatchSize: 10,
      reconcileSleepInterval: '10s',
      reconciliationEnabled: true,
      skipPullingInvalidTransactionsDuringCommit: false,
      implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
    },
    state: { enabled: false },
  };
}
