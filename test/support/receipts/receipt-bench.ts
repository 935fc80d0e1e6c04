import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { type common } from '@hyperledger/fabric-protos';

import { toLowS } from '../../../gateway/ledger/signer.js';
import { CertificateAuthority } from '../../../network/ca/certificate-authority.js';
import { readPlan } from '../../../network/manager/plan-file.js';
import { pollFor } from '../../../network/manager/poll.js';
import { type OrganisationPlan } from '../../../network/plan/plan.js';
import { encodeIdentity, readIdentity } from '../../../proof/fabric/identity.js';
import { decodeReceipt, encodeReceipt, identityRef, receiptFromJson } from '../../../proof/format/codec.js';
import { type Receipt, RECEIPT_MEDIA_TYPE } from '../../../proof/format/receipt.js';
import { readTrustRoot } from '../../../proof/trust/parse.js';
import { type TrustRoot } from '../../../proof/trust/trust-root.js';
import { type Report } from '../../../proof/verify/report.js';
import { verifyReceipt } from '../../../proof/verify/verify-receipt.js';
import { changeConfig } from '../network/config-change.js';
import { registration } from '../network/evidence-requests.js';
import { type RestSession } from '../network/rest-session.js';
import { type TestNetwork } from '../network/test-network.js';

/** How long a gateway may take to have indexed a block, milliseconds. */
const indexedMs = 20_000;

/** A record, its receipt and what it is about. */
export interface Recorded {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly digests: ReturnType<typeof registration>['digests'];
}

/** Receipts of a running network of either engine: made by its gateways, judged by its trust root. */
export class ReceiptBench {
  readonly network: TestNetwork;
  readonly clerk: RestSession;

  private constructor(network: TestNetwork, clerk: RestSession) {
    this.network = network;
    this.clerk = clerk;
  }

  static async open(network: TestNetwork): Promise<ReceiptBench> {
    return new ReceiptBench(network, await network.restAs('clerk@chongqing.example'));
  }

  /** Anybody, at the gateway of the clerk's organisation. */
  get anyone(): RestSession {
    return this.network.restAsAnyone('chongqing');
  }

  /** Records a file that nobody recorded before. */
  async record(session: RestSession = this.clerk, more: object = {}): Promise<Recorded> {
    const { digests, ...rest } = registration(more);
    const { body } = await session.post('/v1/evidence', { digests, ...rest });
    const { id } = body.record as { readonly id: string };
    return { id, bytes: Buffer.from(String(body.receipt), 'base64'), digests };
  }

  /** The larger receipt, as soon as the gateway has indexed the record's block. */
  async auditOf(id: string): Promise<Uint8Array> {
    const found = await pollFor(indexedMs, async () => {
      const path = `/v1/receipts/${id}?grade=audit`;
      const { status, bytes } = await this.clerk.download(path, { accept: RECEIPT_MEDIA_TYPE });
      return status === 200 ? bytes : undefined;
    });
    if (found === undefined) throw new Error('no receipt for auditors');
    return found;
  }

  /** A receipt about now, as anyone may ask for it. @param subject `{id}` or `{alg, digest}` */
  async askNow(subject: object): Promise<Uint8Array> {
    const headers = { accept: 'application/json' };
    const { body } = await this.anyone.send('POST', '/v1/receipts', { body: subject, headers });
    return encodeReceipt(receiptFromJson(body));
  }

  async trustRoot(): Promise<{ text: string; root: TrustRoot }> {
    const text = await pollFor(indexedMs, async () => {
      const reply = await this.anyone.get('/v1/trust-root');
      return reply.status === 200 ? reply.text : undefined; // 503 while peers come back.
    });
    if (text === undefined) throw new Error('no trust root');
    return { text, root: readTrustRoot(Buffer.from(text)) };
  }

  /** Changes the configuration, until the gateway's index has its block. @param signedBy MSP id of an administrator */
  async change(edit: (root: common.ConfigGroup) => void, signedBy = 'BeijingMSP'): Promise<void> {
    const { epochs } = (await this.trustRoot()).root;
    await changeConfig(this.network, { edit, signedBy: [signedBy], user: 'clerk@chongqing.example' });
    const next = await pollFor(
      indexedMs,
      async () => (await this.trustRoot()).root.epochs.length > epochs.length || undefined,
    );
    if (next === undefined) throw new Error('the trust root does not follow the configuration');
  }

  async report(bytes: Uint8Array): Promise<Report> {
    return verifyReceipt(bytes, (await this.trustRoot()).root);
  }

  /** Verdict under the trust root as it is now, and each finding that is not merely an absent part. */
  async judge(bytes: Uint8Array): Promise<readonly string[]> {
    return summary(await this.report(bytes));
  }

  /** An organisation's authority with its key. */
  authority(mspId: string): Promise<CertificateAuthority> {
    return this.readAuthority(this.organisation(mspId));
  }

  /** Also of one that orders. */
  readAuthority({ ca, domain }: OrganisationPlan): Promise<CertificateAuthority> {
    return CertificateAuthority.load(ca.name, domain, {
      certificatePem: readFileSync(ca.certificateFile, 'utf8'),
      privateKeyPem: readFileSync(ca.privateKeyFile, 'utf8'),
    });
  }

  organisation(mspId: string): OrganisationPlan {
    const found = readPlan(this.network.folder.root)?.organisations.find((each) => each.mspId === mspId);
    if (found === undefined) throw new Error(`${mspId} is wanted`);
    return found;
  }

  /** The first endorsement replaced by one of Chongqing's clerk over the same payload, seal and time-stamp dropped. */
  withClerk({ timestamp: _, seal: __, ...receipt }: Receipt): Uint8Array {
    const { certificate, privateKey, mspId } = this.network.identityOf('clerk@chongqing.example');
    const identity = encodeIdentity(mspId, certificate);
    const { payload, signatures, creator } = receipt.attestation;
    const [replaced, ...others] = signatures;
    const signature = toLowS(sign('sha256', Buffer.concat([payload, identity]), privateKey));
    const refs = [creator, ...others.map(({ endorser }) => endorser)].map(hex);
    const kept = (receipt.identities ?? []).filter((each) => refs.includes(hex(identityRef(each))));
    if (replaced === undefined) throw new Error('a signature is wanted');
    return encodeReceipt({
      ...receipt,
      attestation: { ...receipt.attestation, signatures: [{ endorser: identityRef(identity), signature }, ...others] },
      identities: [...kept, identity],
    });
  }
}

/** Nothing to say but that a receipt holds. */
export const GOOD = ['VALID'];

export function summary({ verdict, findings }: Report): readonly string[] {
  const told = findings.filter(({ status }) => status === 'INVALID' || status === 'ERROR');
  return [verdict, ...told.map(({ step, code }) => `${step} ${code}`)];
}

/** Names of the orderers whose signatures hold over the block of an auditor's receipt. */
export function orderersOf({ findings }: Report): string[] {
  const signers = findings.find(({ step }) => step === 'ordering')?.details.signers;
  return typeof signers === 'string' ? signers.split(', ') : [];
}

/** MSP ids of those who signed. */
export function signersOf(bytes: Uint8Array): string[] {
  return signingIdentities(bytes).map((each) => readIdentity(each).mspId);
}

/** PEM of an organisation's peer that signed; empty where none did. */
export function peerOf(bytes: Uint8Array, mspId: string): string {
  const found = signingIdentities(bytes).find((each) => readIdentity(each).mspId === mspId);
  return /-----BEGIN[\s\S]*-----END CERTIFICATE-----\n/.exec(Buffer.from(found ?? []).toString('utf8'))?.[0] ?? '';
}

function signingIdentities(bytes: Uint8Array): Uint8Array[] {
  const { attestation, identities = [] } = decodeReceipt(bytes);
  const signers = attestation.signatures.map(({ endorser }) => hex(endorser));
  return identities.filter((each) => signers.includes(hex(identityRef(each))));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
