import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ManagedProcess } from '../../../network/manager/managed-process.js';
import { pollFor } from '../../../network/manager/poll.js';
import { allocatePorts } from '../../../network/manager/ports.js';
import { type TestNetwork } from '../network/test-network.js';
import { ROOT } from '../source-tree.js';

const START_MS = 30_000;
const CLIENT = 'yinzheng-pages';
/** `aud` of the tokens that each gateway takes: for its interface, or for the pages themselves. */
const AUDIENCES = { access: 'https://yinzheng.example/v1', id: CLIENT } as const;

/** Which token a gateway of the office takes. */
export type TokenKind = keyof typeof AUDIENCES;

/**
 * An office with an OpenID provider of its own, and two further gateways of Chongqing on a running network that take
 * its tokens alone: access tokens at one, ID tokens at the other.
 */
export class Office {
  readonly #ports: Readonly<Record<TokenKind | 'provider', number>>;
  readonly #processes: readonly ManagedProcess[];

  private constructor(ports: Readonly<Record<TokenKind | 'provider', number>>, processes: readonly ManagedProcess[]) {
    this.#ports = ports;
    this.#processes = processes;
  }

  static async open({ folder }: TestNetwork): Promise<Office> {
    const [provider = 0, access = 0, id = 0] = await allocatePorts(3, `${folder.root} office`);
    const ports = { provider, access, id };
    const start = async (name: string, command: readonly [string, ...string[]]): Promise<ManagedProcess> => {
      const process = new ManagedProcess({ name, command, workingFolder: ROOT, runFolder: folder.run });
      await process.start(START_MS);
      return process;
    };
    const usual = JSON.parse(readFileSync(join(folder.gateways, 'chongqing.json'), 'utf8')) as object;
    const configs = (['access', 'id'] as const).flatMap((kind) => {
      const file = join(folder.gateways, `office-${kind}.json`);
      writeFileSync(file, JSON.stringify(configOf(usual, kind, ports)));
      return ['--config', file];
    });
    const redirects = [access, id].map((port) => `http://127.0.0.1:${port}/sign-in`);
    const processes = await Promise.all([
      start('office-provider', [
        process.execPath,
        join(ROOT, 'test/support/browser/office-provider.mjs'),
        `${provider}`,
        ...redirects,
      ]),
      start('office-gateways', [process.execPath, join(ROOT, 'dist/gateway/main.js'), ...configs]),
    ]);
    const office = new Office(ports, processes);
    await Promise.all([office.#ready('access'), office.#ready('id')]);
    return office;
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
  }

  /** Address of a page at the gateway that takes such tokens. */
  url(path: string, kind: TokenKind): string {
    return `http://127.0.0.1:${this.#ports[kind]}${path}`;
  }

  /** The provider's origin. */
  get provider(): string {
    return `http://127.0.0.1:${this.#ports.provider}`;
  }

  /** Has the provider issue access tokens for somebody else; for whoever is named in the request without it. */
  async setAudience(audience = ''): Promise<void> {
    await fetch(`${this.provider}/audience`, { method: 'POST', body: audience });
  }

  async #ready(kind: TokenKind): Promise<void> {
    const isReady = async (): Promise<true | undefined> => (await fetch(this.url('/readyz', kind))).ok || undefined;
    if ((await pollFor(START_MS, isReady)) !== true) throw new Error(`the office's ${kind} gateway is not ready`);
  }
}

function configOf(usual: object, kind: TokenKind, ports: Readonly<Record<TokenKind | 'provider', number>>): object {
  const { receipts, bootstrap: _bootstrap, ...config } = usual as Record<string, object>;
  const issuer = `http://127.0.0.1:${ports.provider}`;
  return {
    ...config,
    listen: { host: '127.0.0.1', port: ports[kind] },
    database: `office-${kind}.sqlite`,
    receipts: { ...receipts, database: `office-${kind}-receipts.sqlite` },
    issuer: { issuer, audience: AUDIENCES[kind], jwksUrl: `${issuer}/jwks`, clientId: CLIENT },
  };
}
