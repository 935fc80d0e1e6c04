import { type Command } from 'commander';

import { AUDIT_KINDS, parsePeriod } from '../../domain/audit-filter.js';
import { readWord } from '../../domain/fields.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { type AuditEvent, type EventPage, type Timeline } from '../../gateway/openapi/types.js';
import { type Caller, openCaller } from '../caller.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { readableEvents } from '../readable-events.js';
import { type Json, readList, type Unread } from '../rest-answers.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';

interface AuditOptions extends CommonOptions {
  readonly as?: string;
  readonly org?: string;
  readonly kind?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
}

/** Most events that one command fetches. */
const eventsMax = 10_000;
/** Events that are asked for at once. */
const pageEvents = 100;

/** Adds `audit ID` (one record's whole timeline) and `audit --org MSP …` (events of an organisation). */
export function addAudit(program: Command, shell: Shell): void {
  addVerb(program, 'audit [id]', 'every act on one record, or the events of an organisation')
    .option('--as <user>', 'who asks (default: the first auditor)')
    .option('--org <msp>', 'events of one organisation, such as ChongqingMSP')
    .option('--kind <kind>', `events of one kind: ${AUDIT_KINDS.join(', ')}`)
    .option('--from <time>', 'from this day on (2026-03-01, UTC) or time (RFC 3339), inclusive')
    .option('--to <time>', 'up to this day or time, inclusive: a day counts to its end')
    .option('--limit <count>', `at most this many events, up to ${eventsMax}`, '200')
    .action(async (id: string | undefined, options: AuditOptions) => {
      if ((id === undefined) === (options.org === undefined)) {
        throw new CliError('USAGE', { wanted: 'either the id of a record or --org' });
      }
      if (id !== undefined && [options.kind, options.from, options.to].some((each) => each !== undefined)) {
        throw new CliError('USAGE', { wanted: '--kind, --from and --to with --org; a record is told whole' });
      }
      const filter = readFilter(options); // Before anybody logs in, so that misuse is told as such.
      const record = id === undefined ? undefined : parseEvidenceId(id);
      const caller = await openCaller(folderOf(options), options.as, 'auditor');
      const answer = record === undefined ? await readEvents(caller, filter) : await readTimeline(caller, record);
      shell.finish(options, { exit: EXIT.match, json: answer, text: readableEvents(answer.events, answer.index) });
    });
}

interface Filter {
  readonly query: Readonly<Record<string, string>>;
  readonly limit: number;
}

function readFilter({ org, kind, from, to, limit }: AuditOptions): Filter {
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > eventsMax) {
    throw new CliError('USAGE', { option: '--limit', wanted: `1 to ${eventsMax}` });
  }
  const query = {
    ...(org !== undefined && { org }),
    ...(kind !== undefined && { kind: readWord(kind, AUDIT_KINDS, 'kind') }),
    ...parsePeriod(from, to),
  };
  return { query, limit: count };
}

type Answer = Json & { readonly events: readonly Unread<AuditEvent>[]; readonly index?: unknown };

async function readTimeline(caller: Caller, id: string): Promise<Answer> {
  const { body } = await caller.call<Timeline>({ method: 'GET', path: `/v1/audit/records/${id}/timeline` });
  return { ...body, id, events: readList<AuditEvent>(body.events, 'events') };
}

async function readEvents(caller: Caller, { query, limit }: Filter): Promise<Answer> {
  const events: Unread<AuditEvent>[] = [];
  let cursor: string | undefined;
  let index: unknown;
  do {
    const page = new URLSearchParams({
      ...query,
      limit: String(Math.min(pageEvents, limit - events.length)),
      ...(cursor !== undefined && { cursor }),
    });
    const { body } = await caller.call<EventPage>({ method: 'GET', path: `/v1/audit/events?${page.toString()}` });
    index = body.index;
    events.push(...readList<AuditEvent>(body.events, 'events'));
    cursor = typeof body.cursor === 'string' ? body.cursor : undefined;
  } while (cursor !== undefined && events.length < limit);
  return { ...query, events, index, ...(cursor !== undefined && { cursor }) };
}
