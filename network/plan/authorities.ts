import { join } from 'node:path';

import { type KeyFiles, loopback, type Place } from './plan.js';
import { type Topology } from './topology.js';

/** Where an organisation's certification authority answers Fabric CA's protocol, and what it keeps. */
export interface AuthorityPlan {
  /** `ca.org1.example.com`: its host name, and its name among authorities. */
  readonly name: string;
  readonly mspId: string;
  readonly host: string;
  readonly port: number;
  /** `host:port`. */
  readonly address: string;
  readonly tls: KeyFiles;
  /** Who registers others; without a secret, one is made at the first start. */
  readonly registrar: { readonly name: string; readonly secret?: string | undefined };
  /** The registrar's name and secret, JSON, for the owner of the data folder alone. */
  readonly registrarFile: string;
  /** Identities and certificates, SQLite. */
  readonly registryFile: string;
}

/** The authorities' listeners with the ports that the topology fixes. */
export function authorityListeners({ organisations }: Topology): { name: string; port: number | undefined }[] {
  return organisations.map(({ domain, ca }) => ({ name: `ca.${domain}`, port: ca.port }));
}

/** Where each organisation's authority lies and listens. */
export function planAuthorities({ organisations }: Topology, place: Place): AuthorityPlan[] {
  return organisations.map(({ mspId, domain, ca }) => {
    const name = `ca.${domain}`;
    const port = place.portOf(name);
    const kept = join(place.folder, 'authorities', domain);
    const ends = join(place.cryptoFolder, 'authorities', domain);
    return {
      name,
      mspId,
      host: loopback,
      port,
      address: `${loopback}:${port}`,
      tls: {
        certificateFile: join(ends, 'server.crt'),
        privateKeyFile: join(ends, 'server.key'),
        caFile: join(ends, 'ca.crt'),
      },
      registrar: ca.registrar,
      registrarFile: join(kept, 'registrar.json'),
      registryFile: join(kept, 'registry.sqlite'),
    };
  });
}
