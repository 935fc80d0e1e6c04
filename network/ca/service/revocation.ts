import { type z } from 'zod';

import { type CertificateAuthority, type Revocation } from '../certificate-authority.js';
import { CaError } from './ca-error.js';
import { checkHolds, type Desk, findIdentity, type KnownCaller, plainHex } from './desk.js';
import { type Identity, type IssuedCertificate } from './registry.js';
import { type bodies } from './requests.js';
import { checkManages, reaches, reserved, valueOf } from './rights.js';

type RevocationRequest = z.output<typeof bodies.revocation>;
type ListRequest = z.output<typeof bodies.listing>;

/**
 * Takes back one certificate, or an identity with all of its. They are refused by this authority at once, and by a
 * channel once its configuration carries the list. @throws CaError 400, 403, 404. Source: Fabric CA lib/serverrevoke.go.
 */
export async function revoke(desk: Desk, known: KnownCaller, request: RevocationRequest): Promise<object> {
  const [serial, aki] = [plainHex(request.serial), plainHex(request.aki)];
  const revoked =
    serial !== '' && aki !== ''
      ? [revokeCertificate(desk, known, { ...request, serial, aki })]
      : revokeIdentity(desk, known.caller, request);
  return {
    RevokedCerts: revoked.map((each) => ({ Serial: each.serial, AKI: each.aki })),
    CRL: request.gencrl === true && revoked.length > 0 ? await makeList(desk) : '',
  };
}

/** The list of everything that was taken back, for whoever may have it made. @throws CaError 400, 403 */
export async function generateList(desk: Desk, caller: Identity, request: ListRequest): Promise<object> {
  checkHolds(caller, reserved.crlMaker);
  const { revokedafter, revokedbefore, expireafter, expirebefore } = request;
  if ((revokedafter ?? 0) > (revokedbefore ?? Infinity)) {
    const message = "Invalid 'revokedafter' value. It must not be a timestamp greater than 'revokedbefore'";
    throw new CaError(400, 'invalidRevokedAfter', message);
  }
  if ((expireafter ?? 0) > (expirebefore ?? Infinity)) {
    const message = "Invalid 'expireafter' value. It must not be a timestamp greater than 'expirebefore'";
    throw new CaError(400, 'invalidExpiredAfter', message);
  }
  const within = ({ revokedAtMs = 0, notAfterMs }: IssuedCertificate): boolean =>
    revokedAtMs >= (revokedafter ?? 0) &&
    revokedAtMs <= (revokedbefore ?? Infinity) &&
    notAfterMs >= (expireafter ?? 0) &&
    notAfterMs <= (expirebefore ?? Infinity);
  return { CRL: await makeList(desk, within) };
}

/** The certificates that a registrar or revoker may look at. @throws CaError 403 */
export function listCertificates(desk: Desk, caller: Identity, query: URLSearchParams): object[] {
  if (valueOf(caller, reserved.roles) === undefined) checkHolds(caller, reserved.revoker);
  const nowMs = desk.nowMs();
  const [id, serial, aki] = ['id', 'serial', 'aki'].map((name) => query.get(name) ?? '');
  const [skipExpired, skipRevoked] = ['notexpired', 'notrevoked'].map((name) => query.get(name) === 'true');
  const affiliations = new Map(desk.registry.identities().map(({ name, affiliation }) => [name, affiliation]));
  return desk.registry
    .certificates(id === '' ? undefined : id)
    .filter((each) => reaches(caller, affiliations.get(each.identity) ?? ''))
    .filter((each) => serial === '' || each.serial === plainHex(serial ?? ''))
    .filter((each) => aki === '' || each.aki === plainHex(aki ?? ''))
    .filter((each) => !(skipExpired === true && each.notAfterMs < nowMs))
    .filter((each) => !(skipRevoked === true && each.revokedAtMs !== undefined))
    .map(({ pem }) => ({ PEM: pem }));
}

/** One list for each authority, in PEM, of all of its certificates that were taken back; none for one that took none back. */
export async function revocationLists(desk: Desk): Promise<string[]> {
  const authorities = [desk.authority, ...desk.retired].filter((each) => revokedOf(desk, each).length > 0);
  return Promise.all(authorities.map((authority) => listOf(desk, authority)));
}

/** Takes back everything that an identity has, in the name of whoever runs the network. @throws CaError 404 */
export function revokeMember(desk: Desk, name: string): void {
  takeBack(desk, findIdentity(desk, name, 'identityNotFound'), 'unspecified');
}

function revokedOf(
  { registry }: Desk,
  { keyId }: CertificateAuthority,
  within: (certificate: IssuedCertificate) => boolean = () => true,
): Revocation[] {
  return registry
    .certificates()
    .filter((each) => each.aki === plainHex(keyId) && within(each))
    .flatMap(({ serial, revokedAtMs }) =>
      revokedAtMs === undefined ? [] : [{ serial: BigInt(`0x${serial}`), revokedMs: revokedAtMs }],
    );
}

function listOf(
  desk: Desk,
  authority: CertificateAuthority,
  within?: (certificate: IssuedCertificate) => boolean,
): Promise<string> {
  return authority.revoke(revokedOf(desk, authority, within), desk.nowMs());
}

async function makeList(desk: Desk, within?: (certificate: IssuedCertificate) => boolean): Promise<string> {
  return Buffer.from(await listOf(desk, desk.authority, within)).toString('base64');
}

function revokeCertificate(
  desk: Desk,
  known: KnownCaller,
  { serial, aki, id, reason }: RevocationRequest,
): IssuedCertificate {
  const which = `Certificate with serial ${serial} and AKI ${aki}`;
  const certificate = desk.registry.certificate(serial, aki);
  if (certificate === undefined) throw new CaError(404, 'certificateNotFound', `${which} was not found`);
  checkRevoker(known.caller, certificate.identity);
  if (certificate.revokedAtMs !== undefined) throw new CaError(404, 'alreadyRevoked', `${which} was already revoked`);
  if (id !== '' && id !== certificate.identity) {
    throw new CaError(400, 'wrongOwner', `${which} is not owned by ${id}`);
  }
  const isOwn = serial === known.serial && aki === known.aki;
  if (!isOwn) checkManages(known.caller, findIdentity(desk, certificate.identity, 'identityNotFound'));
  desk.registry.revoke(certificate, reason, desk.nowMs());
  return certificate;
}

function revokeIdentity(desk: Desk, caller: Identity, { id, reason }: RevocationRequest): IssuedCertificate[] {
  if (id === '') {
    const message = 'Either Name or Serial and AKI are required for a revoke request';
    throw new CaError(400, 'missingRevokeArguments', message);
  }
  checkRevoker(caller, id);
  const identity = findIdentity(desk, id, 'identityNotFound');
  if (identity.name !== caller.name) checkManages(caller, identity);
  return takeBack(desk, identity, reason);
}

/** An identity and all of its certificates that were not taken back before. */
function takeBack({ registry, nowMs }: Desk, identity: Identity, reason: string): IssuedCertificate[] {
  return registry.atOnce(() => {
    const open = registry.certificates(identity.name).filter(({ revokedAtMs }) => revokedAtMs === undefined);
    registry.keep({ ...identity, state: -1 });
    for (const certificate of open) registry.revoke(certificate, reason, nowMs());
    return open;
  });
}

function checkRevoker(caller: Identity, owner: string): void {
  if (caller.name !== owner) checkHolds(caller, reserved.revoker);
}
