import { join } from 'node:path';
import { stringify } from 'yaml';

import { type OrdererPlan } from '../plan/fabric-plan.js';

/**
 * `orderer.yaml` of one consenter: it starts without a channel and joins through the participation API, whose port asks
 * for a certificate of its own organisation. Source: Fabric sampleconfig/orderer.yaml.
 */
export function formatOrdererConfig(orderer: OrdererPlan): string {
  const { host, port, mspId, tls, folder, ledgerFolder, adminAddress } = orderer;
  return stringify({
    General: {
      ListenAddress: host,
      ListenPort: port,
      TLS: {
        Enabled: true,
        PrivateKey: tls.privateKeyFile,
        Certificate: tls.certificateFile,
        RootCAs: [tls.caFile],
        ClientAuthRequired: false,
      },
      Keepalive: { ServerMinInterval: '10s', ServerInterval: '7200s', ServerTimeout: '20s' },
      MaxRecvMsgSize: 104_857_600,
      MaxSendMsgSize: 104_857_600,
      BootstrapMethod: 'none',
      LocalMSPDir: join(folder, 'msp'),
      LocalMSPID: mspId,
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
      Authentication: { TimeWindow: '15m' },
      Cluster: {
        SendBufferSize: 100,
        ClientCertificate: tls.certificateFile,
        ClientPrivateKey: tls.privateKeyFile,
        ReplicationPolicy: 'consensus',
      },
      Throttling: { Rate: 0, InactivityTimeout: '5s' },
    },
    FileLedger: { Location: ledgerFolder },
    Operations: { ListenAddress: '127.0.0.1:0', TLS: { Enabled: false } },
    Metrics: { Provider: 'disabled' },
    Admin: {
      ListenAddress: adminAddress,
      TLS: {
        Enabled: true,
        PrivateKey: tls.privateKeyFile,
        Certificate: tls.certificateFile,
        RootCAs: [tls.caFile],
        ClientAuthRequired: true,
        ClientRootCAs: [tls.caFile],
      },
    },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: '10 MB' },
    Consensus: { WALDir: join(ledgerFolder, 'wal'), SnapDir: join(ledgerFolder, 'snap') },
  });
}
