import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Actor, parseActor } from '../../domain/actor.js';
import { DomainError } from '../../domain/errors.js';
import { readCertificateFacts } from './certificate.js';

/** A user of this organisation with the key that signs for them. The key object never leaves this process. */
export interface Identity {
  readonly user: string;
  readonly mspId: string;
  readonly certificate: Buffer;
  readonly privateKey: KeyObject;
  /** When the certificate ends, Unix milliseconds. */
  readonly validToMs: number;
  /** @throws ACTOR_MALFORMED where the certificate lacks what the contracts decide from. */
  readonly actor: () => Actor;
}

const USERS_MAX = 1_000;
const USER_SHAPE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}@[a-z0-9][a-z0-9.-]{0,252}$/;

/**
 * The users' folder in cryptogen's layout: `<user>@<domain>/msp/{signcerts/*.pem, keystore/*}`. Read on first use, so
 * that a user enrolled later needs no restart; parsed once, at most {@link USERS_MAX} kept, the oldest dropped first.
 */
export class Wallet {
  readonly #folder: string;
  readonly #mspId: string;
  readonly #known = new Map<string, Identity>();

  constructor(folder: string, mspId: string) {
    this.#folder = folder;
    this.#mspId = mspId;
  }

  /** @param user such as `clerk@chongqing.example`. @throws UNAUTHENTICATED for one who is not here or cannot sign. */
  identity(user: string): Identity {
    const known = this.#known.get(user);
    if (known !== undefined) return known;
    // The shape keeps path separators out: a name never leaves the folder.
    if (!USER_SHAPE.test(user))
      throw new DomainError('UNAUTHENTICATED', { wanted: 'a user name of this organisation' });
    const identity = this.#read(user);
    this.#known.set(user, identity);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= USERS_MAX) break;
      this.#known.delete(oldest);
    }
    return identity;
  }

  /** Names of all who have a folder here, sorted; at most {@link USERS_MAX}. */
  names(): string[] {
    const names = readdirSync(this.#folder).filter((name) => USER_SHAPE.test(name));
    return names.sort().slice(0, USERS_MAX);
  }

  #read(user: string): Identity {
    const certificate = this.#readOnly(user, 'signcerts', '.pem');
    const parsed = parse(() => new X509Certificate(certificate));
    const privateKey = parse(() => createPrivateKey(this.#readOnly(user, 'keystore', '')));
    if (!parsed.checkPrivateKey(privateKey)) {
      throw new DomainError('UNAUTHENTICATED', { wanted: 'a key that belongs to the certificate' });
    }
    const validToMs = Date.parse(parsed.validTo);
    const actor = (): Actor => parseActor(readCertificateFacts(this.#mspId, certificate));
    return { user, mspId: this.#mspId, certificate, privateKey, validToMs, actor };
  }

  #readOnly(user: string, part: string, suffix: string): Buffer {
    const folder = join(this.#folder, user, 'msp', part);
    try {
      const name = readdirSync(folder)
        .filter((entry) => entry.endsWith(suffix))
        .sort()[0];
      if (name !== undefined) return readFileSync(join(folder, name));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    }
    throw new DomainError('UNAUTHENTICATED', { wanted: 'a user of this organisation' });
  }
}

/** OpenSSL's own message may quote the input, so only ours is passed on. */
function parse<Value>(read: () => Value): Value {
  try {
    return read();
  } catch {
    throw new DomainError('UNAUTHENTICATED', { wanted: 'a certificate and a private key in PEM' });
  }
}
