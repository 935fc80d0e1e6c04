import { type AuthorityPlan } from '../plan/authorities.js';
import { type PeerOrganisationPlan } from '../plan/plan.js';

const endorsementTimeoutSeconds = '300';

/** An organisation as a profile tells it. */
export interface ProfileMember {
  readonly organisation: PeerOrganisationPlan;
  /** Certificate of its TLS authority. */
  readonly tlsCaPem: string;
  /** Where its authority answers, if one does. */
  readonly authority?: AuthorityPlan | undefined;
}

/**
 * An organisation's common connection profile: where peers listen, and what to trust there. The other organisations
 * stand in it too, so that a client may compare what their peers say. No certification authority is named, because none
 * answers on the wire. The form is the one that Fabric's sample applications read.
 * @param mspId whose profile it is. @param members every organisation of the channel. @returns JSON text
 */
export function formatConnectionProfile(mspId: string, members: readonly ProfileMember[]): string {
  const own = members.find(({ organisation }) => organisation.mspId === mspId);
  if (own === undefined) throw new RangeError(`a profile is of a member, not of ${mspId}`);
  const { name } = own.organisation;
  const organizations = members.map(({ organisation, authority }) => [
    organisation.name,
    {
      mspid: organisation.mspId,
      peers: organisation.nodes.map(({ id }) => id),
      ...(authority === undefined ? {} : { certificateAuthorities: [authority.name] }),
    },
  ]);
  const profile = {
    name: `network-${name}`,
    version: '1.0.0',
    client: { organization: name, connection: { timeout: { peer: { endorser: endorsementTimeoutSeconds } } } },
    organizations: Object.fromEntries(organizations) as Record<string, unknown>,
    peers: Object.fromEntries(members.flatMap(peerEntries)) as Record<string, unknown>,
    ...authoritiesOf(members),
  };
  return `${JSON.stringify(profile, undefined, 2)}\n`;
}

function peerEntries({ organisation, tlsCaPem }: ProfileMember): (readonly [string, object])[] {
  return organisation.nodes.map(({ id, address }) => [
    id,
    {
      url: `grpcs://${address}`,
      tlsCACerts: { pem: tlsCaPem },
      grpcOptions: { 'ssl-target-name-override': id, hostnameOverride: id },
    },
  ]);
}

/** Nothing where no authority answers on the wire. */
function authoritiesOf(members: readonly ProfileMember[]): object {
  const entries = members.flatMap(({ authority, tlsCaPem }) =>
    authority === undefined
      ? []
      : [
          [
            authority.name,
            { url: `https://${authority.address}`, caName: authority.name, tlsCACerts: { pem: [tlsCaPem] } },
          ],
        ],
  );
  if (entries.length === 0) return {};
  return { certificateAuthorities: Object.fromEntries(entries) as Record<string, unknown> };
}
