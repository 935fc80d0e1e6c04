import { dirname, join } from 'node:path';

import { type FabricPeerPlan } from '../../plan/fabric-plan.js';
import { type MemberPlan } from '../../plan/plan.js';
import { type HostPlan } from './host-plan.js';

/** A key that is made on its own host, and the certificate request for it. */
interface Request {
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly commonName: string;
  /** The organizational unit that Fabric reads the role from; none in TLS certificates. */
  readonly unit?: string;
  /** As openssl writes alternative names, `DNS:…` and `IP:…`. */
  readonly names: readonly string[];
}

/**
 * A shell script for one host: `keys.sh request` makes every private key there and a certificate request beside it,
 * `keys.sh check` says which certificates are still missing and writes what peers need to call their chaincodes. No
 * private key ever leaves the host. Needs openssl and python3 (for JSON).
 */
export function formatKeysScript(host: HostPlan): string {
  const requests = requestsOf(host);
  return [
    '#!/bin/sh',
    `# Keys of ${host.organisation.mspId}. They are made here and stay here; only the .csr files go to the authority.`,
    'set -eu',
    'umask 077',
    'request() { # key, certificate, subject, names',
    '  mkdir -p "$(dirname "$1")" "$(dirname "$2")"',
    '  [ -f "$1" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"',
    '  if [ -n "$4" ]; then openssl req -new -key "$1" -subj "$3" -addext "subjectAltName=$4" -out "$2.csr"',
    '  else openssl req -new -key "$1" -subj "$3" -out "$2.csr"; fi',
    '  echo "$2.csr"',
    '}',
    'check() { # key, certificate',
    '  if [ ! -f "$2" ]; then echo "missing: $2"; missing=1; return; fi',
    '  a=$(openssl pkey -in "$1" -pubout); b=$(openssl x509 -in "$2" -noout -pubkey)',
    '  [ "$a" = "$b" ] || { echo "not of this key: $2"; missing=1; }',
    '}',
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
    ...requests.map(({ keyFile, certificateFile }) => `  check ${keyFile} ${certificateFile}`),
    '  [ "$missing" = 0 ] || exit 1',
    ...host.peers.map((peer) => `  ${connectionsOf(host, peer)}`),
    '  echo complete',
    '  ;;',
    '*) echo "usage: keys.sh request | check" >&2; exit 64 ;;',
    'esac',
    '',
  ].join('\n');
}

function requestsOf({ organisation, orderers, peers, servers }: HostPlan): Request[] {
  const admins = organisation.users.filter(({ role }) => role === 'admin');
  return [
    ...[...orderers, ...peers].flatMap((node) => [
      signing(node),
      tlsOf(node, [`DNS:${node.id}`, 'DNS:localhost', 'IP:127.0.0.1']),
    ]),
    ...admins.flatMap((admin) => [signing(admin), tlsOf(admin, [])]),
    ...servers.map(({ tls, chaincode }) => ({
      keyFile: tls.privateKeyFile,
      certificateFile: tls.certificateFile,
      commonName: `chaincode-${chaincode}.${organisation.domain}`,
      names: ['DNS:localhost', 'IP:127.0.0.1'],
    })),
  ];
}

function signing({ id, role, msp }: MemberPlan): Request {
  const { privateKeyFile: keyFile, certificateFile } = msp;
  return { keyFile, certificateFile, commonName: id, unit: role, names: [] };
}

function tlsOf({ id, tls }: MemberPlan, names: readonly string[]): Request {
  return { keyFile: tls.privateKeyFile, certificateFile: tls.certificateFile, commonName: id, names };
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
