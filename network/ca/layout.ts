import { type MemberPlan, type OrganisationPlan } from '../plan/plan.js';
import { type KeyMaterial } from './certificate-authority.js';
import { type FileContent } from './folder.js';

/** The two authorities' certificates of an organisation, PEM. */
export interface AuthorityCertificates {
  readonly caPem: string;
  readonly tlsCaPem: string;
}

/** What cryptogen writes beside a member's own files: its organisation's public part. */
type Organisation = Pick<OrganisationPlan, 'ca' | 'tlsCa'>;

/** @returns the files of an authority's folder. Source of all names here: Fabric internal/cryptogen/ca and msp. */
export function authorityFiles(name: string, { certificatePem, privateKeyPem }: KeyMaterial): FileContent[] {
  return [
    { path: `${name}-cert.pem`, text: certificatePem },
    { path: 'priv_sk', text: privateKeyPem, isSecret: true },
  ];
}

/** @returns the files of an `msp` folder that tell who belongs to an organisation. */
export function verifyingMspFiles({ ca, tlsCa }: Organisation, certificates: AuthorityCertificates): FileContent[] {
  return [
    { path: 'admincerts/', text: '' },
    { path: `cacerts/${ca.name}-cert.pem`, text: certificates.caPem },
    { path: `tlscacerts/${tlsCa.name}-cert.pem`, text: certificates.tlsCaPem },
    { path: 'config.yaml', text: nodeOusYaml(`cacerts/${ca.name}-cert.pem`) },
  ];
}

/** @returns the files of a member's folder: `msp` with its signing key, `tls` with its TLS key. */
export function memberFiles(
  { id, role }: Pick<MemberPlan, 'id' | 'role'>,
  organisation: Organisation,
  material: AuthorityCertificates & { readonly msp: KeyMaterial; readonly tls: KeyMaterial },
): FileContent[] {
  const end = tlsEnd(role);
  return [
    ...verifyingMspFiles(organisation, material).map((file) => ({ ...file, path: `msp/${file.path}` })),
    { path: `msp/signcerts/${id}-cert.pem`, text: material.msp.certificatePem },
    { path: 'msp/keystore/priv_sk', text: material.msp.privateKeyPem, isSecret: true },
    { path: 'tls/ca.crt', text: material.tlsCaPem },
    { path: `tls/${end}.crt`, text: material.tls.certificatePem },
    { path: `tls/${end}.key`, text: material.tls.privateKeyPem, isSecret: true },
  ];
}

/** @returns the files of a listener's TLS end; `clientCas` are the authorities whose members may connect, if any must show a certificate. */
export function serverFiles(material: KeyMaterial, tlsCaPem: string, clientCas: string | undefined): FileContent[] {
  return [
    { path: 'server.crt', text: material.certificatePem },
    { path: 'server.key', text: material.privateKeyPem, isSecret: true },
    { path: 'ca.crt', text: tlsCaPem },
    ...(clientCas === undefined ? [] : [{ path: 'clients-ca.crt', text: clientCas }]),
  ];
}

function tlsEnd(role: MemberPlan['role']): 'server' | 'client' {
  return role === 'peer' || role === 'orderer' ? 'server' : 'client';
}

/** `config.yaml` of an `msp` folder: members' roles stand in their certificates. @param certificate relative to the folder */
export function nodeOusYaml(certificate: string): string {
  const identifiers = ['client', 'peer', 'admin', 'orderer'].map((role) => {
    const title = role.charAt(0).toUpperCase() + role.slice(1);
    return [
      `  ${title}OUIdentifier:`,
      `    Certificate: ${certificate}`,
      `    OrganizationalUnitIdentifier: ${role}`,
    ].join('\n');
  });
  return ['NodeOUs:', '  Enable: true', ...identifiers, ''].join('\n');
}
