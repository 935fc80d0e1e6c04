import { type msp } from '@hyperledger/fabric-protos';
import { MspError } from './errors.js';
import { type NodeRole } from './identity.js';

/** An organizational unit name and, when the configuration says which CAs may vouch for it, their hash (hex). */
interface UnitRule {
  readonly unit: string;
  readonly certifiersId: string | undefined;
}

/** How an organisation reads roles and membership out of certificates' organizational units. */
export interface UnitRules {
  /** Roles by NodeOU; empty when the organisation does not use NodeOUs. */
  readonly roles: readonly (UnitRule & { readonly role: NodeRole })[];
  /** When not empty, every member must carry one of these. */
  readonly membership: readonly UnitRule[];
}

/**
 * Reads the unit rules of an organisation.
 * @param certifiersIdOf gives the hash of the path that ends in a CA certificate (PEM).
 * Source: Fabric msp/mspimplsetup.go, setupNodeOUsV142 and setupOUs.
 */
export function readUnitRules(config: msp.FabricMSPConfig, certifiersIdOf: (caPem: Uint8Array) => string): UnitRules {
  const nodeOus = config.getFabricNodeOus();
  const rule = (role: NodeRole, identifier: msp.FabricOUIdentifier | undefined) => {
    if (identifier === undefined) return [];
    const pem = identifier.getCertificate_asU8();
    const certifiersId = pem.length === 0 ? undefined : certifiersIdOf(pem);
    return [{ role, unit: identifier.getOrganizationalUnitIdentifier(), certifiersId }];
  };
  const roles =
    nodeOus?.getEnable() === true
      ? [
          ...rule('client', nodeOus.getClientOuIdentifier()),
          ...rule('peer', nodeOus.getPeerOuIdentifier()),
          ...rule('admin', nodeOus.getAdminOuIdentifier()),
          ...rule('orderer', nodeOus.getOrdererOuIdentifier()),
        ]
      : [];
  const membership = config.getOrganizationalUnitIdentifiersList().map((identifier) => ({
    unit: identifier.getOrganizationalUnitIdentifier(),
    certifiersId: certifiersIdOf(identifier.getCertificate_asU8()),
  }));
  return { roles, membership };
}

/**
 * Decides a certificate's role. @param units the certificate's units. @param certifiersId hash of its issuers, hex.
 * @returns the role, `undefined` in an organisation without NodeOUs. @throws MspError NODE_OU
 * Source: Fabric msp/mspimplvalidate.go, validateIdentityOUsV142.
 */
export function judgeRole(
  units: readonly string[],
  certifiersId: string,
  { roles, membership }: UnitRules,
): NodeRole | undefined {
  const carries = (rule: UnitRule): boolean => units.includes(rule.unit) && rule.certifiersId === certifiersId;
  if (membership.length > 0 && !membership.some(carries)) {
    throw new MspError('NODE_OU', 'no organizational unit that the organisation recognises');
  }
  if (roles.length === 0) return undefined;
  const named = units.flatMap((unit) => roles.filter((rule) => rule.unit === unit));
  if (named.some((rule) => rule.certifiersId !== undefined && rule.certifiersId !== certifiersId)) {
    throw new MspError('NODE_OU', 'role vouched for by a CA that may not give it');
  }
  const [first, second] = named;
  if (first === undefined) throw new MspError('NODE_OU', 'no organizational unit names a role');
  if (second !== undefined) throw new MspError('NODE_OU', 'more than one organizational unit names a role');
  return first.role;
}
