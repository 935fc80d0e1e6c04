import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function openssl(...words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'pipe' });
}

/** An organisation's authority and its TLS authority, apart from all hosts: it sees requests and never a key. */
export class TestAuthority {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const kind of ['ca', 'tlsca']) {
      const [key, certificate] = this.#filesOf(kind);
      openssl('req', '-x509', ...curve, '-days', '30', '-subj', `/CN=${kind}`, '-keyout', key, '-out', certificate);
    }
  }

  /** Issues the certificate of a request, beside it. @param request `….csr`, for TLS or for signing by its place */
  sign(request: string): void {
    const target = request.replace(/\.csr$/, '');
    const [key, certificate] = this.#filesOf(/\/(signcerts)\//.test(request) ? 'ca' : 'tlsca');
    const by = ['-CA', certificate, '-CAkey', key, '-days', '30', '-copy_extensions', 'copy'];
    openssl('x509', '-req', '-in', request, ...by, '-out', target);
  }

  /** Puts the two certificates where an organisation's members are told from others. @param msp its folder */
  publish(msp: string, domain: string): void {
    for (const [kind, place] of [
      ['ca', `cacerts/ca.${domain}-cert.pem`],
      ['tlsca', `tlscacerts/tlsca.${domain}-cert.pem`],
    ] as const) {
      mkdirSync(dirname(join(msp, place)), { recursive: true });
      cpSync(this.#filesOf(kind)[1], join(msp, place));
    }
  }

  #filesOf(kind: string): [key: string, certificate: string] {
    return [join(this.#folder, `${kind}.key`), join(this.#folder, `${kind}.pem`)];
  }
}
