import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';

import { writeAtomically } from '../../manager/atomic-file.js';
import { type AuthorityPlan } from '../../plan/authorities.js';
import { type PeerOrganisationPlan } from '../../plan/plan.js';
import { type Desk } from './desk.js';
import { type Registry } from './registry.js';

const secretBytes = 12;
/** A client that uses a connection again in the moment in which it is closed would see an error: milliseconds. */
const idleMs = 600_000;

/** An open authority. */
export interface CaListener {
  /** The desk, for operators of the network: opened with the first request to it. */
  readonly desk: () => Promise<Desk>;
  /** Takes up another authority's keys, with the next request. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

interface Surroundings {
  readonly nowMs: () => number;
  readonly onBug: (error: unknown) => void;
}

/**
 * Opens an organisation's authority on its port, with TLS. What issues certificates is loaded with the first request:
 * a network whose authority nobody asks starts without it.
 */
export async function serveAuthority(
  plan: AuthorityPlan,
  organisation: PeerOrganisationPlan,
  around: Surroundings,
): Promise<CaListener> {
  let opened: Promise<Desk & { readonly app: RequestListener }> | undefined;
  const open = () => (opened ??= openDesk(plan, organisation, around));
  const server = createServer(
    { key: readFileSync(plan.tls.privateKeyFile), cert: readFileSync(plan.tls.certificateFile) },
    (request, response) => {
      open().then(
        ({ app }) => {
          app(request, response);
        },
        (error: unknown) => {
          opened = undefined; // What was in the way may be gone at the next request.
          around.onBug(error);
          response.writeHead(500).end();
        },
      );
    },
  );
  server.keepAliveTimeout = idleMs;
  readRegistrar(plan); // Its secret is wanted before the first request.
  await listen(server, plan);
  const reload = async (): Promise<void> => {
    const desk = await opened?.catch(() => undefined);
    opened = undefined;
    desk?.registry.close();
  };
  return {
    desk: open,
    reload,
    close: async () => {
      await close(server);
      await reload();
    },
  };
}

async function openDesk(plan: AuthorityPlan, organisation: PeerOrganisationPlan, around: Surroundings) {
  const [{ createCaApp }, { Registry: Book }, { CertificateAuthority }, { readRetiredAuthorities }] = await Promise.all(
    [
      import('./app.js'),
      import('./registry.js'),
      import('../certificate-authority.js'),
      import('../renew-authority.js'),
    ],
  );
  const { ca, tlsCa, domain } = organisation;
  const load = ({ name, certificateFile, privateKeyFile }: typeof ca) =>
    CertificateAuthority.load(name, domain, {
      certificatePem: readFileSync(certificateFile, 'utf8'),
      privateKeyPem: readFileSync(privateKeyFile, 'utf8'),
    });
  const [authority, tlsAuthority] = await Promise.all([load(ca), load(tlsCa)]);
  const retired = await Promise.all(
    readRetiredAuthorities(organisation).map((material) => CertificateAuthority.load(ca.name, domain, material)),
  );
  const registry = new Book(plan.registryFile);
  await admitMembers(registry, plan, organisation);
  const desk = { name: plan.name, registry, authority, retired, tlsAuthority, nowMs: around.nowMs };
  return { ...desk, app: createCaApp(desk, around.onBug) as RequestListener };
}

/**
 * The registrar, with its secret in a file of its own, and everybody who got a certificate when the network was made:
 * so that they can be listed, enrolled anew with their certificates, and revoked.
 */
async function admitMembers(
  registry: Registry,
  plan: AuthorityPlan,
  organisation: PeerOrganisationPlan,
): Promise<void> {
  const { record } = await import('./enroll.js');
  const { registrarIdentity, memberIdentity } = await import('./first-identities.js');
  const { name, secret } = readRegistrar(plan);
  if (registry.find(name) === undefined) registry.keep(registrarIdentity(name), secret);
  registry.addAffiliations([organisation.name]);
  for (const member of [...organisation.nodes, ...organisation.users]) {
    if (registry.find(member.id) === undefined) registry.keep(memberIdentity(member, organisation.name));
    if (!existsSync(member.msp.certificateFile)) continue;
    record({ registry }, { name: member.id }, readFileSync(member.msp.certificateFile, 'utf8'));
  }
}

/** @returns the registrar's name and secret, kept in a file for whoever runs the network alone */
function readRegistrar({ registrar, registrarFile }: AuthorityPlan): {
  readonly name: string;
  readonly secret: string;
} {
  if (existsSync(registrarFile)) {
    return JSON.parse(readFileSync(registrarFile, 'utf8')) as { name: string; secret: string }; // Written below.
  }
  const { name, secret = randomBytes(secretBytes).toString('base64url') } = registrar;
  writeAtomically(registrarFile, `${JSON.stringify({ name, secret })}\n`);
  return { name, secret };
}

function listen(server: Server, { host, port }: AuthorityPlan): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
