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
[mail]
extendedKeyUsage = critical,emailProtection
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

const EC = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] as const;

/** Object identifier of the content of tokens (RFC 3161 section 2.4.2). */
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** A time-stamping authority (RFC 3161) made of the `openssl` program, in a folder of its own. */
export class TestStamper implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stamper-'));

  constructor() {
    writeFileSync(join(this.#folder, 'conf'), CONFIG);
    writeFileSync(join(this.#folder, 'serial'), '01');
    this.#run('req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 7300 -subj /CN=TSA-Root');
    this.#issue('tsa', ['rsa:2048'], ['-days', '3650']);
    this.#issue('tsa-ec', EC, ['-days', '3650']);
    this.#issue('expired', EC, ['-days', '-1']);
    this.#issue('mail', EC, ['-days', '3650'], 'mail');
  }

  get rootFile(): string {
    return join(this.#folder, 'root.pem');
  }

  get rootPem(): string {
    return readFileSync(this.rootFile, 'utf8');
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

  /** The answer to a query in DER, as an authority gives it. */
  reply(query: Uint8Array, signer: string): Buffer {
    writeFileSync(join(this.#folder, 'query'), query);
    this.#run(`ts -reply -config conf -queryfile query -inkey ${signer}.key -signer ${signer}.pem -out reply`);
    return readFileSync(join(this.#folder, 'reply'));
  }

  /** A token that `openssl ts` would not make: the content of a genuine one, signed by a certificate for other things. */
  forge(bytes: Uint8Array, signer: string): Uint8Array {
    this.stamp(bytes, 'tsa');
    this.#run('cms -verify -noverify -binary -inform DER -in token -out content');
    const signing = `-signer ${signer}.pem -inkey ${signer}.key -md sha256 -cades`;
    this.#run(
      `cms -sign -binary -nodetach -nosmimecap -econtent_type ${TST_INFO} -in content -outform DER -out forged ${signing}`,
    );
    return readFileSync(join(this.#folder, 'forged'));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #issue(name: string, key: readonly string[], validity: readonly string[], usage = 'stamping'): void {
    this.#run(`req -new -newkey ${key.join(' ')} -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
    const sign = `x509 -req -in ${name}.csr -CA root.pem -CAkey root.key -set_serial 0x${Buffer.from(name).toString('hex')}`;
    this.#run(`${sign} -out ${name}.pem -extfile conf -extensions ${usage} ${validity.join(' ')}`);
  }

  #run(line: string): void {
    execFileSync('openssl', line.split(' '), { cwd: this.#folder, stdio: 'pipe' });
  }
}
