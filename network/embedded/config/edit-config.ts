import { common, msp, orderer } from '@hyperledger/fabric-protos';
import { parseRevocationList } from '../msp/revocation.js';
import { type BatchRules } from './channel-config.js';
import { ConfigError } from './errors.js';
import { formatGoDuration } from './go-duration.js';

/** @returns a copy of a configuration's channel group, to be edited; the configuration itself is shared and stays. */
export function copyRoot(config: common.Config): common.ConfigGroup {
  const root = config.getChannelGroup();
  if (root === undefined) throw new ConfigError('CONFIG_MALFORMED', 'no channel group');
  return common.ConfigGroup.deserializeBinary(root.serializeBinary());
}

/** Changes when the orderer cuts a block; what is not given stays. @throws ConfigError CONFIG_MALFORMED */
export function setBatchRules(root: common.ConfigGroup, rules: Partial<BatchRules>): void {
  const ordering = groupAt(root, ['Orderer']);
  editValue(ordering, 'BatchSize', (bytes) => {
    const size = orderer.BatchSize.deserializeBinary(bytes);
    if (rules.maxMessages !== undefined) size.setMaxMessageCount(rules.maxMessages);
    if (rules.preferredBytes !== undefined) size.setPreferredMaxBytes(rules.preferredBytes);
    if (rules.absoluteBytes !== undefined) size.setAbsoluteMaxBytes(rules.absoluteBytes);
    return size.serializeBinary();
  });
  const { timeoutMs } = rules;
  if (timeoutMs === undefined) return;
  editValue(ordering, 'BatchTimeout', (bytes) => {
    const timeout = orderer.BatchTimeout.deserializeBinary(bytes);
    timeout.setTimeout(formatGoDuration(timeoutMs));
    return timeout.serializeBinary();
  });
}

/**
 * Puts a revocation list in the place of the one of the same authority; lists of an organisation's other authorities
 * stay. What it names is refused from the block on that carries the change.
 * @param list PEM or DER, signed by the authority that issued them. @throws ConfigError, MspError MSP_CONFIG
 */
export function setRevocationList(root: common.ConfigGroup, organisation: string, list: Uint8Array): void {
  const { issuerKeyId } = parseRevocationList(list);
  editMsp(root, organisation, (config) => {
    const others = config
      .getRevocationListList_asU8()
      .filter((each) => !parseRevocationList(each).issuerKeyId.equals(issuerKeyId));
    config.setRevocationListList([...others, list]);
  });
}

/** @returns an organisation's root certificates, PEM. @throws ConfigError */
export function rootCertificates(root: common.ConfigGroup, organisation: string): string[] {
  let found: string[] = [];
  editMsp(root, organisation, (config) => {
    found = config.getRootCertsList_asU8().map((bytes) => Buffer.from(bytes).toString());
  });
  return found;
}

/**
 * Lets an organisation's renewed authority issue beside the old one. Roles are vouched for by either from then on.
 * @param caPem its new root certificate. @throws ConfigError
 */
export function addRootCertificate(root: common.ConfigGroup, organisation: string, caPem: string): void {
  editMsp(root, organisation, (config) => {
    config.addRootCerts(Buffer.from(caPem));
    freeRoles(config);
  });
}

/** Takes an authority away: whoever it issued to is refused. @param caPem as the configuration has it. @throws ConfigError */
export function removeRootCertificate(root: common.ConfigGroup, organisation: string, caPem: string): void {
  editMsp(root, organisation, (config) => {
    const kept = config.getRootCertsList_asU8().filter((bytes) => Buffer.from(bytes).toString() !== caPem);
    config.setRootCertsList(kept);
    freeRoles(config);
  });
}

/** Adds an endorsing organisation. @param group made by `organisationGroup`. @throws ConfigError where there is one */
export function addOrganisation(root: common.ConfigGroup, name: string, group: common.ConfigGroup): void {
  const members = groupAt(root, ['Application']).getGroupsMap();
  if (members.has(name)) throw new ConfigError('CONFIG_MALFORMED', `there is an organisation ${name}`);
  members.set(name, group);
}

/** Role units that name one authority would refuse the members of another. */
function freeRoles(config: msp.FabricMSPConfig): void {
  const units = config.getFabricNodeOus();
  if (units === undefined) return;
  const roles = [
    units.getClientOuIdentifier(),
    units.getPeerOuIdentifier(),
    units.getAdminOuIdentifier(),
    units.getOrdererOuIdentifier(),
  ];
  for (const role of roles) role?.setCertificate(new Uint8Array(0));
}

function editMsp(root: common.ConfigGroup, organisation: string, edit: (config: msp.FabricMSPConfig) => void): void {
  for (const part of ['Application', 'Orderer']) {
    const group = groupAt(root, [part]).getGroupsMap().get(organisation);
    if (group === undefined) continue;
    editValue(group, 'MSP', (bytes) => {
      const outer = msp.MSPConfig.deserializeBinary(bytes);
      const config = msp.FabricMSPConfig.deserializeBinary(outer.getConfig_asU8());
      edit(config);
      outer.setConfig(config.serializeBinary());
      return outer.serializeBinary();
    });
    return;
  }
  throw new ConfigError('CONFIG_MALFORMED', `no organisation ${organisation}`);
}

function groupAt(root: common.ConfigGroup, path: readonly string[]): common.ConfigGroup {
  return path.reduce((group, name) => {
    const found = group.getGroupsMap().get(name);
    if (found === undefined) throw new ConfigError('CONFIG_MALFORMED', `no group ${name}`);
    return found;
  }, root);
}

function editValue(group: common.ConfigGroup, name: string, edit: (bytes: Uint8Array) => Uint8Array): void {
  const value = group.getValuesMap().get(name);
  if (value === undefined) throw new ConfigError('CONFIG_MALFORMED', `no value ${name}`);
  value.setValue(edit(value.getValue_asU8()));
}
