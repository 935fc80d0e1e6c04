import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** GM/T 0009: who signs, where nothing else was agreed. */
const DEFAULT_ID = '1234567812345678';

/** An SM2 key in a folder of its own; the `openssl` program makes and uses it, so that nothing of ours checks itself. */
export class TestSealKey implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'seal-'));

  constructor() {
    this.#run('genpkey', '-algorithm', 'SM2', '-out', 'key.pem');
    this.#run('pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER', '-out', 'public.der');
  }

  /** PEM file. */
  get keyFile(): string {
    return join(this.folder, 'key.pem');
  }

  /** `SubjectPublicKeyInfo`. */
  get publicKey(): Buffer {
    return readFileSync(join(this.folder, 'public.der'));
  }

  /** @returns (r, s) in DER. @param id the signer's, which the signature covers */
  sign(message: Uint8Array, id = DEFAULT_ID): Buffer {
    writeFileSync(join(this.folder, 'message'), message);
    this.#pkeyutl(id, '-sign', '-inkey', 'key.pem', '-out', 'signature');
    return readFileSync(join(this.folder, 'signature'));
  }

  /** Whether OpenSSL finds that this key made the signature. */
  verify(message: Uint8Array, signature: Uint8Array, id = DEFAULT_ID): boolean {
    writeFileSync(join(this.folder, 'message'), message);
    writeFileSync(join(this.folder, 'signature'), signature);
    try {
      const given = ['-pubin', '-inkey', 'public.der', '-keyform', 'DER', '-sigfile', 'signature'];
      this.#pkeyutl(id, '-verify', ...given);
      return true;
    } catch {
      return false;
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #pkeyutl(id: string, ...parameters: readonly string[]): void {
    this.#run('pkeyutl', '-rawin', '-digest', 'sm3', '-pkeyopt', `distid:${id}`, '-in', 'message', ...parameters);
  }

  #run(...parameters: readonly string[]): void {
    execFileSync('openssl', parameters, { cwd: this.folder, stdio: 'pipe' });
  }
}
