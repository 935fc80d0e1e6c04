import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { withSettings } from '../../../cli/gateway-settings.js';
import { ManagedProcess } from '../../../network/manager/managed-process.js';
import { pollFor } from '../../../network/manager/poll.js';
import { allocatePorts } from '../../../network/manager/ports.js';
import { type TestNetwork } from '../network/test-network.js';
import { ROOT } from '../source-tree.js';

const START_MS = 30_000;
/** `aud` of the access tokens that one gateway takes, which is no client of the provider but its interface. */
const INTERFACE = 'https://yinzheng.example/v1';
/** The provider of the example in docs/production.md. */
const EXAMPLE_ORIGIN = 'https://id.office.example';

/** Which token a gateway of the office takes. */
export type TokenKind = 'access' | 'id';

/** What the provider does besides what it always does. */
export interface Behaviour {
  /** Audience of access tokens; whoever is named in the request without it. */
  readonly audience?: string;
  /** How long a code may be redeemed. */
  readonly codeSeconds?: number;
  /** End of a path at which it hangs up. */
  readonly hangsUpAt?: '/token' | '/openid-configuration';
  /** It lets no page ask (CORS). */
  readonly closedToPages?: boolean;
}

/**
 * An office with an OpenID provider of its own, and two further gateways of Chongqing on a running network that take
 * its tokens alone: access tokens at one, ID tokens at the other, by the settings that docs/production.md has.
 */
export class Office {
  readonly #ports: Readonly<Record<TokenKind | 'provider', number>>;
  readonly #provider: ManagedProcess;
  readonly #gateways: ManagedProcess;

  private constructor(
    ports: Readonly<Record<TokenKind | 'provider', number>>,
    [provider, gateways]: readonly [ManagedProcess, ManagedProcess],
  ) {
    this.#ports = ports;
    this.#provider = provider;
    this.#gateways = gateways;
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
      writeFileSync(file.replace('.json', '.settings.json'), JSON.stringify(settingsOf(kind, provider)));
      writeFileSync(file, JSON.stringify(withSettings(configOf(usual, kind, ports[kind]), file)));
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
    await Promise.all([this.#provider.stop(), this.#gateways.stop()]);
  }

  /** Address of a page at the gateway that takes such tokens. */
  url(path: string, kind: TokenKind): string {
    return `http://127.0.0.1:${this.#ports[kind]}${path}`;
  }

  /** The provider's origin. */
  get provider(): string {
    return `http://127.0.0.1:${this.#ports.provider}`;
  }

  /** Does something while the provider is not there. */
  async away(act: () => Promise<void>): Promise<void> {
    await this.#provider.stop();
    try {
      await act();
    } finally {
      await this.#provider.start(START_MS);
    }
  }

  /** Has the provider behave so from now on. */
  async behave(behaviour: Behaviour = {}): Promise<void> {
    await fetch(`${this.provider}/behave`, { method: 'POST', body: JSON.stringify(behaviour) });
  }

  async #ready(kind: TokenKind): Promise<void> {
    const isReady = async (): Promise<true | undefined> => (await fetch(this.url('/readyz', kind))).ok || undefined;
    if ((await pollFor(START_MS, isReady)) !== true) throw new Error(`the office's ${kind} gateway is not ready`);
  }
}

function configOf(usual: object, kind: TokenKind, port: number): object {
  const { receipts, bootstrap: _bootstrap, ...config } = usual as Record<string, object>;
  return {
    ...config,
    listen: { host: '127.0.0.1', port },
    database: `office-${kind}.sqlite`,
    receipts: { ...receipts, database: `office-${kind}-receipts.sqlite` },
  };
}

/** What docs/production.md tells an office to set, for a provider on this machine. */
function settingsOf(kind: TokenKind, port: number): object {
  const document = readFileSync(join(ROOT, 'docs/production.md'), 'utf8');
  const example = /```json\n(\{\n {2}"issuer": \{.*?)```/s.exec(document)?.[1] ?? '';
  const text = example.replaceAll(EXAMPLE_ORIGIN, `http://127.0.0.1:${port}`);
  const { issuer } = JSON.parse(text) as { readonly issuer: object };
  return { issuer: kind === 'id' ? issuer : { ...issuer, audience: INTERFACE } };
}
