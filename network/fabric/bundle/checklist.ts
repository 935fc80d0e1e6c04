import { type HostPlan, type HostsPlan, fabricFolder, hostFolder, packageFolder } from './host-plan.js';
import { authorityIn, organisationsOf } from './keys-script.js';
import { fabricVersion, servicesOf } from './units.js';

/** `README.md` of one host's bundle: what must be there, in which order it is done, and which ports are open to whom. */
export function formatChecklist(host: HostPlan, { network, hosts }: HostsPlan): string {
  const { organisation, orderers, peers } = host;
  const { channel, chaincodes, genesisFile } = network;
  const services = servicesOf(host).map(({ name }) => name);
  const others = hosts.map((each) => each.organisation.name).filter((name) => name !== organisation.name);
  const authorities = organisationsOf(host).map(authorityIn);
  return `# ${organisation.mspId} · ${organisation.domain}

本机清单。私钥在本机生成，永不离开本机。 One host's list. Private keys are made here and never leave.

## 1. 本机应有 What must be here

- [ ] Fabric ${fabricVersion}: \`${fabricFolder}/bin\`, \`${fabricFolder}/builders/ccaas\`; this package, built, in \`${packageFolder}\`
- [ ] user \`yinzheng\`, folder \`${hostFolder}\` owned by it, with everything of this bundle in it; what follows is done there, as that user
- [ ] every address of the other hosts is reached from here; clocks agree within a second (NTP)

## 2. 端口 Ports

| Port | Of | Open to |
| ---- | -- | ------- |
${orderers.map(({ id, port }) => `| ${port} | ${id} | all orderers, peers and gateways |`).join('\n')}
${orderers.map(({ id, adminPort }) => `| ${adminPort} | ${id}, administration | this host alone |`).join('\n')}
${peers.map(({ id, port }) => `| ${port} | ${id} | all peers, and this organisation's gateway |`).join('\n')}

## 3. 证书 Certificates

- [ ] \`sh keys.sh request\` prints one certificate request a line. This organisation's authority signs each, and its
      certificate goes to the same path without \`.csr\`: below \`signcerts\` by the CA, all others by the TLS CA.
- [ ] the certificates of the authorities lie at
${authorities.flatMap(({ ca, tlsCa }) => [`      \`${ca}\`, \`${tlsCa}\``]).join(',\n')}
- [ ] \`sh keys.sh check\` ends with \`complete\`
- [ ] \`sh keys.sh public\` packs what the others need, and no key; theirs is taken over by ${others.map((name) => `\`sh keys.sh adopt ${name} public-${name}.tar\``).join(', ')}; compare the files' SHA-256 over another way than they took

## 4. 创世区块 First block, once, by one organisation with the others watching

- [ ] \`sh channel.sh genesis\`
- [ ] every organisation compares the block's SHA-256 and keeps it as \`${genesisFile}\`

## 5. 启动 Start

- [ ] \`systemctl enable --now ${services.join(' ')}\` (units in \`systemd/\`), or \`docker compose up -d\` and the chaincode units
- [ ] on every host: \`sh channel.sh join\` takes its orderers and peers into channel \`${channel.name}\`

## 6. 链码 Chaincodes

- [ ] on every host: \`sh channel.sh approve\` installs and approves; then on one: \`sh channel.sh commit\`

${chaincodes
  .map(
    ({ name, version, sequence, endorsement, packageId }) =>
      `- \`${name}\` ${version}, sequence ${sequence}, policy \`${endorsement}\`, package \`chaincode/${name}.tar.gz\` with id \`${packageId}\``,
  )
  .join('\n')}
`;
}
