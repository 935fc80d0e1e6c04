import { type EvidenceEvent } from '../../../domain/evidence-event.js';
import { blockAfter, chainOf, transactionOf } from './support/blocks.js';
import { GatewayBench } from './support/gateway-bench.js';
import { accessed, registered } from './support/records.js';

const FORMULA = '=HYPERLINK("http://evil.example";"x")';
const hostile = transactionOf('h', registered('h'), {
  creator: { mspId: 'ChongqingMSP', commonName: FORMULA, role: 'clerk', unit: '+1"法院",\n乙', region: '500000' },
});
const handedOver = transactionOf('over', {
  ...accessed('a'),
  kind: 'evidence.accessed',
} as EvidenceEvent);
const CHAIN = chainOf(
  transactionOf('a', registered('a')),
  hostile,
  handedOver,
  transactionOf('lost', accessed('a'), { code: 'MVCC_READ_CONFLICT' }),
);
const MANY = 1_203;

let bench: GatewayBench;
beforeAll(async () => {
  bench = await GatewayBench.start();
  for (const block of CHAIN) bench.parts.index.append(block);
});
afterAll(async () => {
  await bench.close();
});

async function download(path: string, role = 'auditor') {
  const authorization = `Bearer ${await bench.token(role)}`;
  const response = await fetch(`${bench.url}${path}`, { headers: { authorization } });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** RFC 4180 by the letter, for fields that may hold quotes and line ends. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

describe('an export as a table', () => {
  test('has every transaction under a header in both languages, as Excel reads it', async () => {
    const { status, headers, bytes } = await download('/v1/audit/export.csv');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(headers.get('content-disposition')).toBe('attachment; filename="chongqing-audit-to-block-4.csv"');
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    const [header = [], ...rows] = readCsv(bytes.subarray(3).toString());
    expect(header).toHaveLength(16);
    expect(header[0]).toBe('区块 blockNumber');
    expect(rows).toHaveLength(5);
    expect(rows.map((row) => row.length)).toEqual([16, 16, 16, 16, 16]);
    expect(rows[4]?.slice(0, 5)).toEqual([
      '4',
      '0',
      '2026-03-01T08:30:00.000Z',
      'evidence.accessed',
      'MVCC_READ_CONFLICT',
    ]);
    expect(rows[1]?.[13]).toBe('ChongqingMSP ZhejiangMSP');
    expect(JSON.parse(rows[3]?.[14] ?? '')).toEqual({ purpose: 'examination', changed: false });
  });

  test('holds no cell that a spreadsheet would compute, and keeps quotes, commas and line ends', async () => {
    const rows = readCsv((await download('/v1/audit/export.csv')).bytes.toString());
    const row = rows.find((each) => each[0] === '2') ?? [];
    expect([row[8], row[11]]).toEqual([`'${FORMULA}`, `'+1"法院",\n乙`]);
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });

  test('is narrowed like the list', async () => {
    const { bytes } = await download('/v1/audit/export.csv?code=refused');
    expect(readCsv(bytes.toString()).slice(1)).toHaveLength(1);
    expect((await download('/v1/audit/export.csv?limit=1')).status).toBe(400);
    expect((await download('/v1/audit/export.csv', 'clerk')).status).toBe(403);
  });
});

describe('an export as lines of JSON', () => {
  test('has one event a line, as the list tells it', async () => {
    const { headers, bytes } = await download('/v1/audit/export.ndjson?kind=evidence.accessed');
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    const lines = bytes.toString().trimEnd().split('\n');
    const listed = (await bench.call('auditor', 'GET', '/v1/audit/events?kind=evidence.accessed')).body.events;
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual(listed);
  });

  test('goes on over all pages, once each, and ends at the block it began at', async () => {
    const wide = await GatewayBench.start();
    try {
      const { index } = wide.parts;
      const genesis = chainOf()[0];
      const many = Array.from({ length: MANY }, (_, number) => transactionOf(`m${number}`, undefined));
      const block = blockAfter(genesis, many);
      if (genesis !== undefined) index.append(genesis);
      index.append(block);
      const response = await fetch(`${wide.url}/v1/audit/export.ndjson`, {
        headers: { authorization: `Bearer ${await wide.token('auditor')}` },
      });
      index.append(blockAfter(block, [transactionOf('too late', undefined)]));
      const ids = (await response.text())
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { txId: string }).txId);
      expect(ids).toEqual([...(genesis?.transactions ?? []), ...many].map(({ txId }) => txId));
    } finally {
      await wide.close();
    }
  });
});
