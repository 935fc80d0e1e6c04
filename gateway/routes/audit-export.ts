import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as yieldToOthers } from 'node:timers/promises';

import { stringify } from 'csv-stringify';
import { type Request, type RequestHandler, type Response, Router } from 'express';

import { DomainError } from '../../domain/errors.js';
import { readFields } from '../../domain/fields.js';
import { type EventFilter } from '../audit/event-filter.js';
import { type AuditQuery } from '../audit/query.js';
import { type Operation } from '../auth/gate.js';
import { InFlight } from '../ledger/in-flight.js';
import { type AuditEvent } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { FILTER_NAMES, readFilter } from './event-query.js';

/** Rows that are read at once; between two such pages others are served. */
const PAGE_ROWS = 500;
const EXPORTS_MAX = 2;

/** Columns of the table, in its order; the header names each in Chinese and as JSON does. */
const COLUMNS: readonly { readonly key: keyof AuditEvent; readonly header: string }[] = [
  { key: 'blockNumber', header: '区块 blockNumber' },
  { key: 'txIndex', header: '块内序号 txIndex' },
  { key: 'txTime', header: '声明时间 txTime' },
  { key: 'kind', header: '行为 kind' },
  { key: 'code', header: '验证码 code' },
  { key: 'evidenceId', header: '记录 evidenceId' },
  { key: 'entryId', header: '条目 entryId' },
  { key: 'successor', header: '后继 successor' },
  { key: 'actor', header: '签名人 actor' },
  { key: 'role', header: '角色 role' },
  { key: 'org', header: '组织 org' },
  { key: 'unit', header: '单位 unit' },
  { key: 'region', header: '地区 region' },
  { key: 'endorsers', header: '背书组织 endorsers' },
  { key: 'details', header: '详情 details' },
  { key: 'txId', header: '交易号 txId' },
];

/** Everything that a filter finds, as a file: `/v1/audit/export.csv` for spreadsheets, `/v1/audit/export.ndjson`. */
export function exportRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  const bounded = new InFlight(EXPORTS_MAX);
  const send =
    (ending: 'csv' | 'ndjson', type: string, write: (events: Readable, response: Response) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const fields = readFields(request.query, FILTER_NAMES, 'query');
      const filter = readFilter(fields, parts.query.configuration()?.organisations);
      const tip = parts.index.tip();
      if (tip === undefined) throw new DomainError('UNVERIFIABLE_NOW', { wanted: 'an indexed block', retryAfter: 2 });
      await bounded.run(async () => {
        const name = `${parts.config.name}-audit-to-block-${tip.number}.${ending}`;
        response.type(type).set('Content-Disposition', `attachment; filename="${name}"`);
        await write(Readable.from(readAll(parts.query, filter, tip.number)), response).catch(ignoreLeaving(response));
      });
    };
  return Router()
    .get('/v1/audit/export.csv', ...admit('audit'), send('csv', 'text/csv; charset=utf-8', writeCsv))
    .get('/v1/audit/export.ndjson', ...admit('audit'), send('ndjson', 'application/x-ndjson', writeNdjson));
}

/** @param end the last block: what is indexed meanwhile is left out, so that the file has an end. */
async function* readAll(query: AuditQuery, filter: EventFilter, end: number): AsyncGenerator<AuditEvent> {
  for (let after: AuditEvent | undefined; ;) {
    const page = query.events({ ...filter, ...(after && { after }) }, PAGE_ROWS, true);
    for (const event of page) {
      if (event.blockNumber > end) return;
      yield event;
    }
    after = page.at(-1);
    if (page.length < PAGE_ROWS) return;
    await yieldToOthers();
  }
}

/** RFC 4180 with a byte order mark, by which Excel knows UTF-8. A cell that a spreadsheet would compute becomes text. */
function writeCsv(events: Readable, response: Response): Promise<void> {
  const cast = { object: (value: object) => (Array.isArray(value) ? value.join(' ') : JSON.stringify(value)) };
  const columns = [...COLUMNS];
  const options = {
    header: true,
    columns,
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
    cast,
  } as const;
  return pipeline(events, stringify(options), response);
}

function writeNdjson(events: Readable, response: Response): Promise<void> {
  return pipeline(
    events,
    async function* (source: AsyncIterable<AuditEvent>) {
      for await (const event of source) yield `${JSON.stringify(event)}\n`;
    },
    response,
  );
}

/** Who closes a download half-way is no fault of ours. */
function ignoreLeaving(response: Response): (error: unknown) => void {
  return (error) => {
    if (!response.destroyed || !(error instanceof Error) || !('code' in error)) throw error;
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  };
}
