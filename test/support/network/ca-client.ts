import { createPrivateKey, webcrypto } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

import 'reflect-metadata'; // Before the X.509 library.
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';

import { signMessage, type UserIdentity } from './user-identity.js';

/** What an authority answers. */
export interface CaAnswer {
  readonly status: number;
  readonly result: Record<string, unknown>;
  readonly errors: readonly { readonly code: number; readonly message: string }[];
  readonly success: boolean;
}

/** A small client of Fabric CA's protocol: it does what it is told, also what a proper client would not. */
export class CaClient {
  readonly #port: number;
  readonly #ca: string | undefined;

  /** @param ca PEM text of who issued the authority's TLS certificate; without it, plain HTTP. */
  constructor(port: number, ca?: string) {
    this.#port = port;
    this.#ca = ca;
  }

  /** Signs a request as an identity. @param operation such as `POST /api/v1/register` */
  as(identity: UserIdentity, operation: string, body: object | string = ''): Promise<CaAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.send(operation, tokenOf(identity, operation, text), text);
  }

  /** Enrols over a new key. @throws {Error} with the refusal */
  async enroll(name: string, secret: string, more: object = {}): Promise<UserIdentity> {
    const { csr, keys } = await signingRequest(name);
    const answer = await this.send(
      'POST /api/v1/enroll',
      basic(name, secret),
      JSON.stringify({ request: csr, ...more }),
    );
    if (!answer.success) throw new Error(JSON.stringify(answer.errors));
    return identityOf(answer, keys);
  }

  /** @param authorization the header, if there is to be one */
  send(operation: string, authorization: string | undefined, body: string): Promise<CaAnswer> {
    const [method = '', path = ''] = operation.split(' ');
    const headers = authorization === undefined ? {} : { authorization };
    const options = { host: '127.0.0.1', port: this.#port, method, path, headers, ca: this.#ca };
    const ask = this.#ca === undefined ? httpRequest : httpsRequest;
    return new Promise((resolve, reject) => {
      const request = ask(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = JSON.parse(Buffer.concat(chunks).toString()) as Omit<CaAnswer, 'status'>;
          resolve({ ...answer, status: response.statusCode ?? 0 });
        });
      });
      request.on('error', reject).end(body);
    });
  }
}

/** A request's token, as Fabric CA's clients make it. */
export function tokenOf(identity: UserIdentity, operation: string, body: string): string {
  const [method = '', path = ''] = operation.split(' ');
  const certificate = base64(identity.certificate);
  const signed = [method, base64(path), base64(body), certificate].join('.');
  return `${certificate}.${base64(signMessage(identity, Buffer.from(signed)))}`;
}

/** HTTP's basic authentication. */
export function basic(name: string, secret: string): string {
  return `Basic ${base64(`${name}:${secret}`)}`;
}

/** A new P-256 key and a request to certify it. @param subject the common name, or a whole name */
export async function signingRequest(subject: string): Promise<{ csr: string; keys: webcrypto.CryptoKeyPair }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const name = subject.includes('=') ? subject : `C=CN, O=office, CN=${subject}`;
  const csr = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm }, webcrypto);
  return { csr: csr.toString('pem'), keys };
}

/** The identity that an enrolment answered with. */
export async function identityOf({ result }: CaAnswer, { privateKey }: webcrypto.CryptoKeyPair): Promise<UserIdentity> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  return {
    mspId: 'BeijingMSP',
    certificate: Buffer.from(String(result.Cert), 'base64').toString(),
    privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
  };
}

function base64(content: string | Uint8Array): string {
  return Buffer.from(content).toString('base64');
}
