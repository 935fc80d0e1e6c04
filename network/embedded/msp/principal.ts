import { msp } from '@hyperledger/fabric-protos';
import { parseCertificate } from './certificate.js';
import { MspError } from './errors.js';
import { type NodeRole, type PolicySubject } from './identity.js';

/** A role in a policy: `member` is anyone the organisation admits. */
export type PolicyRole = NodeRole | 'member';

/**
 * Whom a policy wants: someone in a role, exactly one certificate, someone of an organizational unit, someone who is
 * several of these at once, or nobody: principals of unknown kind are satisfied by no one.
 */
export type Principal =
  | { readonly kind: 'role'; readonly mspId: string; readonly role: PolicyRole }
  | { readonly kind: 'identity'; readonly mspId: string; readonly certificateId: string }
  | { readonly kind: 'unit'; readonly mspId: string; readonly unit: string; readonly certifiersId: string }
  | { readonly kind: 'all'; readonly of: readonly Principal[] }
  | { readonly kind: 'nobody' };

const { ROLE, IDENTITY, ORGANIZATION_UNIT, COMBINED } = msp.MSPPrincipal.Classification;
const nestingMax = 16;

/** Role numbers of the wire, both ways. */
const roleNumbers: Readonly<Record<PolicyRole, msp.MSPRole.MSPRoleTypeMap[keyof msp.MSPRole.MSPRoleTypeMap]>> = {
  member: msp.MSPRole.MSPRoleType.MEMBER,
  admin: msp.MSPRole.MSPRoleType.ADMIN,
  client: msp.MSPRole.MSPRoleType.CLIENT,
  peer: msp.MSPRole.MSPRoleType.PEER,
  orderer: msp.MSPRole.MSPRoleType.ORDERER,
};
const rolesByNumber = new Map<number, string>(Object.entries(roleNumbers).map(([role, number]) => [number, role]));

/** @returns whether a word is a role that policies may name. */
export function isPolicyRole(word: string | undefined): word is PolicyRole {
  return word !== undefined && Object.hasOwn(roleNumbers, word);
}

/** @returns the wire form of a role principal. */
export function encodeRolePrincipal(mspId: string, role: PolicyRole): msp.MSPPrincipal {
  const mspRole = new msp.MSPRole();
  mspRole.setMspIdentifier(mspId);
  mspRole.setRole(roleNumbers[role]);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(ROLE);
  principal.setPrincipal(mspRole.serializeBinary());
  return principal;
}

/** Reads a principal; what cannot be read, or is of a kind not known here, is `nobody`, as Fabric's evaluation has it. */
export function readPrincipal(principal: msp.MSPPrincipal, depth = 0): Principal {
  try {
    return readKnown(principal, depth);
  } catch {
    return { kind: 'nobody' };
  }
}

/**
 * Whether a subject is whom a principal wants.
 * Source: Fabric msp/mspimpl.go, satisfiesPrincipalInternalV142 and PreV13.
 */
export function satisfies(subject: PolicySubject, principal: Principal): boolean {
  if (principal.kind === 'all') return principal.of.every((part) => satisfies(subject, part));
  if (principal.kind === 'nobody' || subject.mspId !== principal.mspId) return false;
  switch (principal.kind) {
    case 'role':
      return hasRole(subject, principal.role);
    case 'identity':
      return subject.certificateId === principal.certificateId;
    case 'unit':
      return subject.units?.includes(principal.unit) === true && subject.certifiersId === principal.certifiersId;
  }
}

function hasRole(subject: PolicySubject, wanted: PolicyRole): boolean {
  if (wanted === 'member' || subject.role === wanted) return true;
  return wanted === 'admin' && subject.isListedAdmin === true;
}

function readKnown(principal: msp.MSPPrincipal, depth: number): Principal {
  const bytes = principal.getPrincipal_asU8();
  switch (principal.getPrincipalClassification()) {
    case ROLE: {
      const mspRole = msp.MSPRole.deserializeBinary(bytes);
      const role = rolesByNumber.get(mspRole.getRole());
      return isPolicyRole(role) ? { kind: 'role', mspId: mspRole.getMspIdentifier(), role } : { kind: 'nobody' };
    }
    case IDENTITY: {
      const identity = msp.SerializedIdentity.deserializeBinary(bytes);
      const { id } = parseCertificate(identity.getIdBytes_asU8());
      return { kind: 'identity', mspId: identity.getMspid(), certificateId: id };
    }
    case ORGANIZATION_UNIT: {
      const unit = msp.OrganizationUnit.deserializeBinary(bytes);
      return {
        kind: 'unit',
        mspId: unit.getMspIdentifier(),
        unit: unit.getOrganizationalUnitIdentifier(),
        certifiersId: Buffer.from(unit.getCertifiersIdentifier_asU8()).toString('hex'),
      };
    }
    case COMBINED:
      return readCombined(bytes, depth);
    default:
      return { kind: 'nobody' };
  }
}

function readCombined(bytes: Uint8Array, depth: number): Principal {
  if (depth >= nestingMax) throw new MspError('POLICY_MALFORMED', 'principals nested too deep');
  const parts = msp.CombinedPrincipal.deserializeBinary(bytes).getPrincipalsList();
  if (parts.length === 0) return { kind: 'nobody' };
  return { kind: 'all', of: parts.map((part) => readPrincipal(part, depth + 1)) };
}
