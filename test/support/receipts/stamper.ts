import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONFIG = `
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[stamping]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa]
default_tsa = here
[here]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
`;

/** A time-stamping authority (RFC 3161) made of the `openssl` program, in a folder of its own. */
export class TestStamper implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stamper-'));

  constructor() {
    writeFileSync(join(this.#folder, 'conf'), CONFIG);
    writeFileSync(join(this.#folder, 'serial'), '01');
    this.#run('req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 7300 -subj /CN=TSA-Root');
    this.#issue('tsa', ['rsa:2048'], ['-days', '3650']);
    this.#issue('tsa-ec', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], ['-days', '3650']);
    this.#issue('expired', ['rsa:2048'], ['-days', '-1']);
  }

  get rootPem(): string {
    return readFileSync(join(this.#folder, 'root.pem'), 'utf8');
  }

  /** @param signer `tsa`, `tsa-ec` or `expired`. @returns a `TimeStampToken` over SHA-256 of the bytes */
  stamp(bytes: Uint8Array, signer: string): Uint8Array {
    writeFileSync(join(this.#folder, 'data'), bytes);
    this.#run('ts -query -data data -sha256 -cert -out query');
    this.#run(
      `ts -reply -config conf -queryfile query -inkey ${signer}.key -signer ${signer}.pem -token_out -out token`,
    );
    return readFileSync(join(this.#folder, 'token'));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #issue(name: string, key: readonly string[], validity: readonly string[]): void {
    this.#run(`req -new -newkey ${key.join(' ')} -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
    const sign = `x509 -req -in ${name}.csr -CA root.pem -CAkey root.key -set_serial 0x${Buffer.from(name).toString('hex')}`;
    this.#run(`${sign} -out ${name}.pem -extfile conf -extensions stamping ${validity.join(' ')}`);
  }

  #run(line: string): void {
    execFileSync('openssl', line.split(' '), { cwd: this.#folder, stdio: 'pipe' });
  }
}
