import { once } from 'node:events';
import { request as send } from 'node:http';
import { type AddressInfo } from 'node:net';

import express from 'express';

import { EventStream } from '../../../gateway/http/event-stream.js';
import { type LedgerBlock } from '../../../gateway/ledger/block.js';
import { blockAfter, chainOf, transactionOf } from './support/blocks.js';
import { hash } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';
import { accessed, registered } from './support/records.js';

const CHAIN = chainOf(transactionOf('a', registered('a')), transactionOf('b', registered('b')));

let bench: GatewayBench;
let tip: LedgerBlock | undefined;
beforeEach(async () => {
  bench = await GatewayBench.start();
  for (const block of CHAIN) bench.parts.index.append(block);
  tip = CHAIN.at(-1);
});
afterEach(async () => {
  await bench.close();
});

/** Indexes the next block, as the follower does. */
function grow(...names: readonly string[]): void {
  tip = blockAfter(
    tip,
    names.map((name) => transactionOf(name, accessed('a'))),
  );
  bench.parts.index.append(tip);
  bench.parts.feed.notify();
}

interface Message {
  readonly event: string;
  readonly id?: string;
  readonly data: Record<string, unknown>;
}

/** Opens a feed and reads messages one by one; a stream that ended says `end: true` for ever. */
async function open(query = '', headers: Record<string, string> = {}, token?: string) {
  const authorization = `Bearer ${token ?? (await bench.token('auditor'))}`;
  const stop = new AbortController();
  const response = await fetch(`${bench.url}/v1/audit/live${query}`, {
    headers: { authorization, ...headers },
    signal: stop.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  const next = async (): Promise<Message | undefined> => {
    for (;;) {
      const end = buffer.indexOf('\n\n');
      if (end >= 0) {
        const lines = buffer.slice(0, end).split('\n');
        buffer = buffer.slice(end + 2);
        const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const id = field('id');
        return {
          event: field('event') ?? '',
          ...(id !== undefined && { id }),
          data: JSON.parse(field('data') ?? 'null') as Message['data'],
        };
      }
      const chunk = await reader?.read();
      if (chunk?.value === undefined) return undefined;
      buffer += chunk.value;
    }
  };
  const acts = async (count: number): Promise<Message[]> => {
    const seen: Message[] = [];
    while (seen.length < count) {
      const message = await next();
      if (message === undefined) break;
      if (message.event === 'act') seen.push(message);
    }
    return seen;
  };
  return {
    response,
    next,
    acts,
    stop: () => {
      stop.abort();
    },
  };
}

test('begins with what comes next, and says how far the index is', async () => {
  const feed = await open();
  expect(feed.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(feed.response.headers.get('cache-control')).toBe('no-store');
  expect(await feed.next()).toMatchObject({ event: 'index', data: { blocks: 3, live: false } });
  grow('c', 'd');
  const seen = await feed.acts(2);
  expect(seen.map(({ id, data }) => [id, data.txId])).toEqual([
    ['3.0', hash('c')],
    ['3.1', hash('d')],
  ]);
  expect(seen[0]?.data).toMatchObject({ kind: 'evidence.accessed', endorsers: ['ChongqingMSP', 'ZhejiangMSP'] });
  expect(await feed.next()).toMatchObject({ event: 'index', data: { blocks: 4 } });
});

test.each([
  ['?cursor=1.0', {}],
  ['', { 'last-event-id': '1.0' }],
  ['?cursor=0.0', { 'last-event-id': '1.0' }],
])('continues behind the place that a client names (%p, %j), without gap or double', async (query, headers) => {
  const feed = await open(query, headers);
  grow('c');
  expect((await feed.acts(2)).map(({ id }) => id)).toEqual(['2.0', '3.0']);
});

test('gives a client that was away everything since, however much', async () => {
  const names = Array.from({ length: 257 }, (_, number) => `m${number}`);
  grow(...names);
  const feed = await open('?cursor=2.0');
  expect((await feed.acts(257)).map(({ data }) => data.txId)).toEqual(names.map(hash));
});

test('is narrowed like the list', async () => {
  const feed = await open('?code=refused');
  grow('c');
  tip = blockAfter(tip, [transactionOf('lost', accessed('a'), { code: 'MVCC_READ_CONFLICT' })]);
  bench.parts.index.append(tip);
  bench.parts.feed.notify();
  expect((await feed.acts(1)).map(({ data }) => data.code)).toEqual(['MVCC_READ_CONFLICT']);
});

test('is for auditors, and refuses places and filters that name nothing before it begins', async () => {
  expect((await bench.call('clerk', 'GET', '/v1/audit/live')).status).toBe(403);
  for (const query of ['?cursor=x', '?kind=gossip', '?limit=1']) {
    expect((await bench.call('auditor', 'GET', `/v1/audit/live${query}`)).status).toBe(400);
  }
});

test('ends with the token that opened it, and says why', async () => {
  const now = Math.floor(Date.now() / 1_000);
  const feed = await open('', {}, await bench.token('auditor', { exp: now + 1 }));
  expect(await feed.next()).toMatchObject({ event: 'index' });
  expect(await feed.next()).toEqual({ event: 'end', data: { reason: 'token' } });
  expect(await feed.next()).toBeUndefined();
  expect(bench.parts.feed.clients).toBe(0);
});

test('ends when the gateway closes, and says so', async () => {
  const feed = await open();
  await feed.next();
  bench.parts.feed.close();
  expect(await feed.next()).toEqual({ event: 'end', data: { reason: 'closing' } });
  expect(await feed.next()).toBeUndefined();
});

test('one feed too many of a user is refused, until another ends', async () => {
  const feeds = await Promise.all(Array.from({ length: 8 }, () => open()));
  const refused = await bench.call('auditor', 'GET', '/v1/audit/live');
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([429, 'LEDGER_BUSY', '10']);
  feeds[0]?.stop();
  while (bench.parts.feed.clients === 8) await new Promise((resolve) => setTimeout(resolve, 5));
  const feed = await open();
  expect(await feed.next()).toMatchObject({ event: 'index' });
});

test('a client that reads nothing holds up nobody, and loses nothing', async () => {
  const authorization = `Bearer ${await bench.token('auditor')}`;
  const sent = send(new URL('/v1/audit/live?cursor=0.0', bench.url), { headers: { authorization } });
  const stuck = new Promise<string[]>((resolve) => {
    sent.on('response', (response) => {
      response.pause();
      setTimeout(() => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          const ids = [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id ?? '');
          if (ids.length >= 302) resolve(ids);
        });
        response.resume();
      }, 100);
    });
  });
  sent.end();
  const lively = await open();
  for (let block = 0; block < 3; block += 1) grow(...Array.from({ length: 100 }, (_, tx) => `${block}.${tx}`));
  expect(await lively.acts(300)).toHaveLength(300);
  const ids = await stuck;
  expect(new Set(ids).size).toBe(302);
  sent.destroy();
});

test('writing waits for a client that does not read, and ends when it leaves', async () => {
  const MESSAGES = 400;
  let written = 0;
  let ended = false;
  const app = express().get('/', async (_request, response) => {
    using stream = new EventStream(response);
    for (; written < MESSAGES; written += 1) await stream.send({ event: 'act', data: { text: 'x'.repeat(65_536) } });
    ended = stream.closed.aborted;
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sent = send({ port: (server.address() as AddressInfo).port, path: '/' }, (response) => response.pause());
  sent.on('error', () => undefined);
  sent.end();
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(MESSAGES);
  sent.destroy();
  while (written < MESSAGES) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(ended).toBe(true);
  server.close();
});

test('a silent stream says that it lives', async () => {
  // Only the stream's own timer is sped up; sockets and everything else keep theirs.
  const original = globalThis.setTimeout;
  const hurried = jest
    .spyOn(globalThis, 'setTimeout')
    .mockImplementation((run: () => void, ms?: number) => original(run, ms === 15_000 ? 20 : ms));
  try {
    const feed = await open();
    expect(await feed.next()).toMatchObject({ event: 'index' });
    expect(await feed.next()).toEqual({ event: '', data: null });
  } finally {
    hurried.mockRestore();
  }
});
