import { X509Certificate } from 'node:crypto';
import { Context } from 'fabric-contract-api';
import { type Actor, parseActor } from '../domain/actor.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { parseTxId, type TxId } from '../domain/ids.js';

/** Which transaction it is, and the time its client claims. */
export interface TxStamp {
  readonly txId: TxId;
  /** RFC 3339, UTC, milliseconds. */
  readonly txTime: string;
}

/** What the transaction itself says: who signed it, its id, and the time its client claims. */
export interface TxFacts extends TxStamp {
  readonly actor: Actor;
}

/** Fabric's context, read in the words of the domain. Nothing of it comes from the request's body (requirement R01). */
export class LedgerContext extends Context {
  #actor: Actor | undefined;

  /** The caller, from the certificate that signed the proposal. @throws ACTOR_MALFORMED */
  get actor(): Actor {
    return (this.#actor ??= this.#readActor());
  }

  /** The transaction's claimed time in Unix milliseconds. */
  get claimedMs(): number {
    return this.stub.getDateTimestamp().getTime();
  }

  /** @throws ACTOR_MALFORMED */
  get facts(): TxFacts {
    return { actor: this.actor, ...this.moment };
  }

  /** {@link facts} without the actor, for transactions that anyone may send. */
  get moment(): TxStamp {
    return { txId: parseTxId(this.stub.getTxID()), txTime: new Date(this.claimedMs).toISOString() };
  }

  /** Sets the transaction's one chaincode event; Fabric keeps only the last. */
  emit(event: { readonly kind: string }): void {
    this.stub.setEvent(event.kind, Buffer.from(canonicalJson(event)));
  }

  #readActor(): Actor {
    const attribute = (name: string) => this.clientIdentity.getAttributeValue(name) ?? undefined;
    return parseActor({
      mspId: this.clientIdentity.getMSPID(),
      commonName: readCommonName(this.clientIdentity.getIDBytes()),
      role: attribute('yz.role'),
      unit: attribute('yz.unit'),
      region: attribute('yz.region'),
    });
  }
}

/** Certificates whose names are remembered: reading one costs more than the rest of a small transaction. */
const namesMax = 1_000;
const names = new Map<string, string | undefined>();

/** @returns the subject's only common name, `undefined` where it has none or several. Depends on the bytes alone. */
function readCommonName(pem: Uint8Array): string | undefined {
  const text = Buffer.from(pem).toString('latin1');
  if (!names.has(text)) {
    if (names.size >= namesMax) names.clear();
    const name: unknown = new X509Certificate(pem).toLegacyObject().subject.CN;
    names.set(text, typeof name === 'string' ? name : undefined);
  }
  return names.get(text);
}
