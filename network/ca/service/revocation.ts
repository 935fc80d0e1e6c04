import { CaError } from './ca-error.js';
import { checkHolds, type Desk, findIdentity, type KnownCaller, plainHex } from './desk.js';
import { type Identity, type IssuedCertificate } from './registry.js';
import { type bodies } from './requests.js';
import { checkManages, reaches, reserved, valueOf } from './rights.js';
import { type z } from 'zod';

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

/** PEM text of the list of everything that was taken back of this authority's own certificates. */
export function revocationList(
  desk: Desk,
  within: (certificate: IssuedCertificate) => boolean = () => true,
): Promise<string> {
  const revocations = desk.registry
    .certificates()
    .filter((each) => each.aki === plainHex(desk.authority.keyId) && within(each))
    .flatMap(({ serial, revokedAtMs }) =>
      revokedAtMs === undefined ? [] : [{ serial: BigInt(`0x${serial}`), revokedMs: revokedAtMs }],
    );
  return desk.authority.revoke(revocations, desk.nowMs());
}

async function makeList(desk: Desk, within?: (certificate: IssuedCertificate) => boolean): Promise<string> {
  return Buffer.from(await revocationList(desk, within)).toString('base64');
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
  const { registry } = desk;
  return registry.atOnce(() => {
    const open = registry.certificates(id).filter(({ revokedAtMs }) => revokedAtMs === undefined);
    registry.keep({ ...identity, state: -1 });
    for (const certificate of open) registry.revoke(certificate, reason, desk.nowMs());
    return open;
  });
}

function checkRevoker(caller: Identity, owner: string): void {
  if (caller.name !== owner) checkHolds(caller, reserved.revoker);
}
