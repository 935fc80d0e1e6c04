import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeMspConfig } from '../../../../network/embedded/config/msp-config.js';
import { MspRegistry } from '../../../../network/embedded/msp/registry.js';

/** Public material of a real Fabric 3.1.5 network; see README.md there. */
const folder = join(__dirname, '../../../vectors/fabric-3.1.5');

export const regions = ['beijing', 'chongqing', 'guangdong', 'zhejiang'] as const;
export type Region = (typeof regions)[number];

/** `beijing` is `BeijingMSP`; its orderer organisation is `BeijingOrdererMSP`. */
export function mspIdOf(region: Region, kind: 'peer' | 'orderer' = 'peer'): string {
  const name = region.charAt(0).toUpperCase() + region.slice(1);
  return kind === 'peer' ? `${name}MSP` : `${name}OrdererMSP`;
}

export function domainOf(region: Region, kind: 'peer' | 'orderer' = 'peer'): string {
  return kind === 'peer' ? `${region}.example` : `orderer.${region}.example`;
}

/** PEM of a node's or user's certificate, such as `User1` of `beijing.example`. */
export function certificatePem(domain: string, holder: string): string {
  return readFileSync(
    join(folder, 'msp', domain, 'certs', `${holder}${holder.includes('0') ? '.' : '@'}${domain}-cert.pem`),
    'utf8',
  );
}

export function caPem(domain: string): string {
  return readFileSync(join(folder, 'msp', domain, 'cacerts', `ca.${domain}-cert.pem`), 'utf8');
}

export function tlsCaPem(domain: string): string {
  return readFileSync(join(folder, 'msp', domain, 'tlscacerts', `tlsca.${domain}-cert.pem`), 'utf8');
}

/** Bytes of a block as an orderer delivered it. */
export function blockBytes(name: string): Uint8Array {
  return readFileSync(join(folder, 'blocks', name));
}

export function mspConfig(region: Region, kind: 'peer' | 'orderer' = 'peer'): Uint8Array {
  const domain = domainOf(region, kind);
  return encodeMspConfig({ mspId: mspIdOf(region, kind), caPem: caPem(domain), tlsCaPem: tlsCaPem(domain) });
}

/** The four endorsing and four ordering organisations. */
export function vectorRegistry(): MspRegistry {
  return MspRegistry.fromConfigs(regions.flatMap((region) => [mspConfig(region), mspConfig(region, 'orderer')]));
}
