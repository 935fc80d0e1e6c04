import { dirname, join } from 'node:path';

import { fabricFolder, hostFolder, type HostPlan, packageFolder } from './host-plan.js';

/** A service of a host, as systemd and compose both need it. */
export interface Service {
  readonly name: string;
  readonly about: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Holds what must not stand in a unit: PEM in JSON. Absolute; made by `keys.sh` on the host. */
  readonly environmentFile?: string;
  /** Official image, pinned; absent for what this package brings itself. */
  readonly image?: string;
}

/** Version of Fabric that bundles are made for; the conformance suite passed on it. */
export const fabricVersion = '3.1.5';

/** Services in the order in which a host starts them. */
export function servicesOf({ orderers, peers, servers }: HostPlan): Service[] {
  return [
    ...orderers.map(({ id, configFolder }) => ({
      name: `yinzheng-${id}`,
      about: `Fabric orderer ${id}`,
      command: [join(fabricFolder, 'bin', 'orderer'), 'start'],
      environment: { FABRIC_CFG_PATH: configFolder, FABRIC_LOGGING_SPEC: 'info' },
      image: `hyperledger/fabric-orderer:${fabricVersion}`,
    })),
    ...servers.map(({ chaincode, command, environment }) => ({
      name: `yinzheng-chaincode-${chaincode}`,
      about: `chaincode ${chaincode}`,
      command: command.map((part) => (part === 'node' ? join(packageFolder, 'node_modules/node/bin/node') : part)),
      environment,
    })),
    ...peers.map(({ id, configFolder }) => ({
      name: `yinzheng-${id}`,
      about: `Fabric peer ${id}`,
      command: [join(fabricFolder, 'bin', 'peer'), 'node', 'start'],
      environment: { FABRIC_CFG_PATH: configFolder, FABRIC_LOGGING_SPEC: 'info' },
      environmentFile: join(configFolder, 'chaincodes.env'),
      image: `hyperledger/fabric-peer:${fabricVersion}`,
    })),
  ];
}

/** A systemd unit: restarted when it fails, as its own user, with nothing writable but its folder. Source: systemd.service(5), systemd.exec(5). */
export function formatUnit({ about, command, environment, environmentFile, image }: Service): string {
  return [
    '[Unit]',
    `Description=${about}`,
    'After=network-online.target',
    'Wants=network-online.target',
    '',
    '[Service]',
    'User=yinzheng',
    'Group=yinzheng',
    'UMask=0077',
    `WorkingDirectory=${image === undefined ? packageFolder : hostFolder}`,
    ...Object.entries(environment).map(([name, value]) => `Environment=${name}=${value}`),
    ...(environmentFile === undefined ? [] : [`EnvironmentFile=${environmentFile}`]),
    `ExecStart=${command.join(' ')}`,
    'Restart=on-failure',
    'RestartSec=2',
    'LimitNOFILE=65536',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    `ReadWritePaths=${hostFolder}`,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

/** `compose.yaml`: the official images for Fabric's programs, on the host's network; chaincodes stay units of the host. */
export function composeOf(host: HostPlan): object {
  const services = servicesOf(host).filter(({ image }) => image !== undefined);
  return {
    name: `yinzheng-${host.organisation.name}`,
    services: Object.fromEntries(
      services.map(({ name, image, command, environment, environmentFile }) => [
        name,
        {
          image,
          command: [command[0]?.split('/').at(-1), ...command.slice(1)],
          environment,
          ...(environmentFile === undefined ? {} : { env_file: [environmentFile] }),
          network_mode: 'host',
          restart: 'unless-stopped',
          volumes: [`${hostFolder}:${hostFolder}`, `${dirname(builderFolder)}:${dirname(builderFolder)}:ro`],
        },
      ]),
    ),
  };
}

/** The chaincode-as-a-service builder of the host's release, at the same path inside containers. */
export const builderFolder = join(fabricFolder, 'builders', 'ccaas');
