import { dirname, join, relative } from 'node:path';

import { type FabricPeerPlan } from '../../plan/fabric-plan.js';
import { type MemberPlan, type OrganisationPlan } from '../../plan/plan.js';
import { hostFolder, type HostPlan, type HostsPlan } from './host-plan.js';

/** A key that is made on its own host, and the certificate request for it. */
interface Request {
  readonly keyFile: string;
  readonly certificateFile: string;
  /** The certificate of the authority that is to sign. */
  readonly authorityFile: string;
  readonly commonName: string;
  /** The organizational unit that Fabric reads the role from; none in TLS certificates. */
  readonly unit?: string;
  /** As openssl writes alternative names, `DNS:…` and `IP:…`. */
  readonly names: readonly string[];
}

const functions = `request() { # key, certificate, subject, names
  mkdir -p "$(dirname "$1")" "$(dirname "$2")"
  [ -f "$1" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
  if [ -n "$4" ]; then openssl req -new -key "$1" -subj "$3" -addext "subjectAltName=$4" -out "$2.csr"
  else openssl req -new -key "$1" -subj "$3" -out "$2.csr"; fi
  echo "$2.csr"
}
check() { # key, certificate, authority's certificate
  for file in "$2" "$3"; do [ -f "$file" ] || { echo "missing: $file"; missing=1; return 0; }; done
  a=$(openssl pkey -in "$1" -pubout); b=$(openssl x509 -in "$2" -noout -pubkey)
  [ "$a" = "$b" ] || { echo "not of this key: $2"; missing=1; return 0; }
  openssl verify -partial_chain -CAfile "$3" "$2" >/dev/null 2>&1 || { echo "not of this authority: $2"; missing=1; }
}
copy() { mkdir -p "$(dirname "$2")" && cp "$1" "$2"; }
take() { # tar file, paths that it may bring: those of one other organisation and no more
  from=$1; shift
  for path in "$@"; do tar -tf "$from" "$path" >/dev/null || { echo "not in $from: $path" >&2; exit 1; }; done
  tar -C ${hostFolder} -xf "$from" "$@"
}`;

/**
 * A shell script for one host. `request` makes every private key there and a certificate request beside it; `check`
 * says which certificates are missing or wrong, and puts the authorities' certificates where Fabric's programs look;
 * `public` packs what other hosts need, and `adopt NAME FILE` takes over what they packed. No private key ever leaves
 * the host. Needs openssl, tar and python3 (for JSON).
 */
export function formatKeysScript(host: HostPlan, { hosts }: HostsPlan): string {
  const requests = requestsOf(host);
  const others = hosts.filter(({ organisation }) => organisation.mspId !== host.organisation.mspId);
  return [
    '#!/bin/sh',
    `# Keys of ${host.organisation.mspId}. They are made here and stay here; only the .csr files go to the authority.`,
    'set -eu',
    'umask 077',
    functions,
    'case "${1:-}" in',
    'request)',
    ...requests.map(
      ({ keyFile, certificateFile, commonName, unit, names }) =>
        `  request ${keyFile} ${certificateFile} "/CN=${commonName}${unit === undefined ? '' : `/OU=${unit}`}" ` +
        `"${names.join(',')}"`,
    ),
    '  ;;',
    'check)',
    '  missing=0',
    ...requests.map((each) => `  check ${each.keyFile} ${each.certificateFile} ${each.authorityFile}`),
    '  [ "$missing" = 0 ] || exit 1',
    ...copiesOf(host).map(([from, to]) => `  copy ${from} ${to}`),
    ...host.peers.map((peer) => `  ${connectionsOf(host, peer)}`),
    '  echo complete',
    '  ;;',
    'public)',
    `  tar -C ${hostFolder} -cf public-${host.organisation.name}.tar ${publicFilesOf(host).join(' ')}`,
    `  echo public-${host.organisation.name}.tar`,
    '  ;;',
    'adopt)',
    '  case "${2:-}" in',
    ...others.map((other) => `  ${other.organisation.name}) take "\${3:?}" ${publicFilesOf(other).join(' ')} ;;`),
    `  *) echo "usage: keys.sh adopt ${others.map(({ organisation }) => organisation.name).join('|')} FILE" >&2; exit 64 ;;`,
    '  esac',
    '  ;;',
    '*) echo "usage: keys.sh request | check | public | adopt NAME FILE" >&2; exit 64 ;;',
    'esac',
    '',
  ].join('\n');
}

/** Where an organisation's authority publishes its certificate: the operator puts it there, and others are sent it. */
export function authorityIn({ folder, ca, tlsCa }: OrganisationPlan): { readonly ca: string; readonly tlsCa: string } {
  return {
    ca: join(folder, 'msp', 'cacerts', `${ca.name}-cert.pem`),
    tlsCa: join(folder, 'msp', 'tlscacerts', `${tlsCa.name}-cert.pem`),
  };
}

/** The organisations that a host has members of. */
export function organisationsOf({ organisation, ordering }: HostPlan): OrganisationPlan[] {
  return ordering === undefined ? [organisation] : [organisation, ordering];
}

function membersOf(organisation: OrganisationPlan): MemberPlan[] {
  return [...organisation.nodes, ...organisation.users.filter(({ role }) => role === 'admin')];
}

function requestsOf(host: HostPlan): Request[] {
  const { organisation, servers, host: at } = host;
  const local = ['DNS:localhost', nameOf(at.local)];
  const nodes = [...host.orderers, ...host.peers].map(({ id }) => id);
  return [
    ...organisationsOf(host).flatMap((each) => {
      const { ca, tlsCa } = authorityIn(each);
      return membersOf(each).flatMap((member) => {
        const address = at.address === undefined ? [] : [nameOf(at.address)];
        const names = nodes.includes(member.id) ? [`DNS:${member.id}`, ...address, ...local] : [];
        return [signing(member, ca), tlsOf(member, tlsCa, [...new Set(names)])];
      });
    }),
    ...servers.map(({ tls, chaincode }) => ({
      keyFile: tls.privateKeyFile,
      certificateFile: tls.certificateFile,
      authorityFile: authorityIn(organisation).tlsCa,
      commonName: `chaincode-${chaincode}.${organisation.domain}`,
      names: local,
    })),
  ];
}

function nameOf(address: string): string {
  return `${/^[\d.]+$/.test(address) ? 'IP' : 'DNS'}:${address}`;
}

function signing({ id, role, msp }: MemberPlan, authorityFile: string): Request {
  const { privateKeyFile: keyFile, certificateFile } = msp;
  return { keyFile, certificateFile, authorityFile, commonName: id, unit: role, names: [] };
}

function tlsOf({ id, tls }: MemberPlan, authorityFile: string, names: readonly string[]): Request {
  return { keyFile: tls.privateKeyFile, certificateFile: tls.certificateFile, authorityFile, commonName: id, names };
}

/** What each member's folder and each chaincode server has of the organisation's authorities. */
function copiesOf(host: HostPlan): (readonly [from: string, to: string])[] {
  const ofMembers = organisationsOf(host).flatMap((organisation) => {
    const { ca, tlsCa } = authorityIn(organisation);
    const config = join(organisation.folder, 'msp', 'config.yaml');
    return membersOf(organisation).flatMap(({ folder, tls }) => [
      ...[ca, tlsCa, config].map((file) => [file, join(folder, relative(organisation.folder, file))] as const),
      [tlsCa, tls.caFile] as const,
    ]);
  });
  const { tlsCa } = authorityIn(host.organisation);
  const ofServers = host.servers.flatMap(({ tls, clientCaFile }) => [tls.caFile, clientCaFile]);
  return [...ofMembers, ...ofServers.map((file) => [tlsCa, file] as const)];
}

/** What the other hosts need of one, relative to its folder: authorities, roles, and the orderers' certificates. */
function publicFilesOf(host: HostPlan): string[] {
  const files = organisationsOf(host).flatMap((organisation) => {
    const { ca, tlsCa } = authorityIn(organisation);
    return [ca, tlsCa, join(organisation.folder, 'msp', 'config.yaml')];
  });
  const orderers = host.orderers.flatMap(({ msp, tls }) => [msp.certificateFile, tls.certificateFile]);
  return [...files, ...orderers].map((file) => relative(hostFolder, file));
}

/** Writes the environment file in which a peer's builder finds its chaincodes, keys included. */
function connectionsOf({ servers }: HostPlan, { configFolder, tls }: FabricPeerPlan): string {
  const files = servers.map(({ chaincode, address, tls: server }) => [chaincode, address, server.caFile]);
  const target = join(configFolder, 'chaincodes.env');
  const program = [
    'import json,sys',
    `r=lambda p: open(p).read()`,
    `c={n: dict(address=a, root_cert=r(ca), client_key=r("${tls.privateKeyFile}"), client_cert=r("${tls.certificateFile}")) for n,a,ca in ${JSON.stringify(files)}}`,
    // In single quotes, in which neither systemd nor compose reads escapes.
    `q=chr(39); open("${target}","w").write("CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG="+q+json.dumps(c)+q+"\\n")`,
  ].join('; ');
  return `mkdir -p ${dirname(target)} && python3 -c '${program}'`;
}
