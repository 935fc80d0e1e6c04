import { type PeerOrganisationPlan } from '../plan/plan.js';

const endorsementTimeoutSeconds = '300';

/**
 * An organisation's common connection profile: where its peers listen, and what to trust there. No certification
 * authority is named, because none answers on the wire. The form is the one that Fabric's sample applications read.
 * @param tlsCaPem certificate of the organisation's TLS authority. @returns JSON text
 */
export function formatConnectionProfile(organisation: PeerOrganisationPlan, tlsCaPem: string): string {
  const { name, mspId, nodes } = organisation;
  const peers = nodes.map(({ id, address }) => [
    id,
    {
      url: `grpcs://${address}`,
      tlsCACerts: { pem: tlsCaPem },
      grpcOptions: { 'ssl-target-name-override': id, hostnameOverride: id },
    },
  ]);
  const profile = {
    name: `network-${name}`,
    version: '1.0.0',
    client: { organization: name, connection: { timeout: { peer: { endorser: endorsementTimeoutSeconds } } } },
    organizations: { [name]: { mspid: mspId, peers: nodes.map(({ id }) => id) } },
    peers: Object.fromEntries(peers) as Record<string, unknown>,
  };
  return `${JSON.stringify(profile, undefined, 2)}\n`;
}
