/** An answer with everything that came, for tests of what must not be in it. */
export interface RestReply {
  readonly status: number;
  /** The body parsed; an empty object where it is no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly headers: Headers;
}

/** An answer that is no JSON. */
export interface RestDownload {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** What a request may bring besides its path. */
export interface RestExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with the content type of JSON. */
  readonly text?: string;
}

/** One user, or nobody, at one gateway. Nothing is retried: a test sees each answer. */
export class RestSession {
  readonly url: string;
  readonly #token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.#token = token;
  }

  get(path: string, extras: RestExtras = {}): Promise<RestReply> {
    return this.send('GET', path, extras);
  }

  /** The body as bytes. */
  async download(path: string, headers: Readonly<Record<string, string>> = {}): Promise<RestDownload> {
    const token = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    const response = await fetch(new URL(path, this.url), { headers: { ...token, ...headers } });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes };
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<RestReply> {
    return this.send('POST', path, { body, headers });
  }

  async send(method: string, path: string, { headers = {}, body, text }: RestExtras): Promise<RestReply> {
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
    });
    const reply = await response.text();
    return { status: response.status, body: parseObject(reply), text: reply, headers: response.headers };
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
