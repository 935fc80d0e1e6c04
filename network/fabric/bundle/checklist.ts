import { type FabricPlan } from '../../plan/fabric-plan.js';
import { fabricFolder, hostFolder, type HostPlan, packageFolder } from './host-plan.js';
import { fabricVersion, servicesOf } from './units.js';

/** `README.md` of one host's bundle: what must be there, in which order it is done, and which ports are open to whom. */
export function formatChecklist(host: HostPlan, network: FabricPlan): string {
  const { organisation, orderers, peers } = host;
  const { channel, chaincodes, orderers: all } = network;
  const services = servicesOf(host).map(({ name }) => name);
  const orderer = orderers[0] ?? all[0];
  return `# ${organisation.mspId} · ${organisation.domain}

本机清单。私钥在本机生成，永不离开本机。 One host's list. Private keys are made here and never leave.

## 1. 本机应有 What must be here

- [ ] Fabric ${fabricVersion}: \`${fabricFolder}/bin\`, \`${fabricFolder}/builders/ccaas\`; this package, built, in \`${packageFolder}\`
- [ ] user \`yinzheng\`, folder \`${hostFolder}\` owned by it; this bundle's \`config\` and \`keys.sh\` copied into it
- [ ] DNS: every name below resolves on every host; clocks agree within a second (NTP)

## 2. 端口 Ports

| Port | Of | Open to |
| ---- | -- | ------- |
${orderers.map(({ id, port }) => `| ${port} | ${id} | all orderers, peers and gateways |`).join('\n')}
${orderers.map(({ id, adminPort }) => `| ${adminPort} | ${id}, administration | this host alone |`).join('\n')}
${peers.map(({ id, port }) => `| ${port} | ${id} | all peers, and this organisation's gateway |`).join('\n')}

## 3. 证书 Certificates

- [ ] \`sh keys.sh request\` prints one certificate request a line. This organisation's authority signs each, and its
      certificate goes to the same path without \`.csr\`: signing certificates by the CA, TLS certificates by the TLS CA.
- [ ] the public \`msp\` folder of every organisation (\`cacerts\`, \`tlscacerts\`, \`config.yaml\`) is exchanged and lies at the
      same path on every host; compare fingerprints over another way than the files took
- [ ] \`sh keys.sh check\` ends with \`complete\`

## 4. 通道 Channel, once, by one organisation with the others watching

- [ ] \`configtxgen -configPath ${network.channelFolder} -profile Consortium -channelID ${channel.name} -outputBlock ${network.genesisFile}\`
- [ ] every organisation compares the block's SHA-256 and keeps the block at the same path

## 5. 启动 Start

- [ ] \`systemctl enable --now ${services.join(' ')}\` (units in \`systemd/\`), or \`docker compose up -d\` and the chaincode units
- [ ] each orderer: \`osnadmin channel join --channelID ${channel.name} --config-block ${network.genesisFile} -o ${orderer?.adminAddress ?? ''} …\`
- [ ] each peer: \`peer channel join -b ${network.genesisFile}\`

## 6. 链码 Chaincodes: every organisation installs and approves, one commits

${chaincodes
  .map(
    ({ name, version, sequence, endorsement, packageId }) =>
      `- [ ] \`${name}\` ${version}, sequence ${sequence}, policy \`${endorsement}\`, package \`chaincode/${name}.tar.gz\` with id \`${packageId}\``,
  )
  .join('\n')}
`;
}
