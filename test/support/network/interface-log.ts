import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a gateway logs of its own answers, in development (gateway/http/server.ts). */
const MISFIT = 'an answer does not fit gateway/openapi.yaml';

/** What gateways wrote into their log about the interface that gateway/openapi.yaml describes. */
export interface InterfaceLog {
  /** Answers that do not fit the document, each once: `GET /v1/evidence/:id answer/record must be object`. */
  readonly misfits: readonly string[];
  /** Requests that were answered well: `POST /v1/evidence 201`. */
  readonly answered: readonly string[];
}

/** Reads the log of a test's gateways, where it has some. @param run folder of the running network */
export function readInterfaceLog(run: string): InterfaceLog {
  const file = join(run, 'gateways.log');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const misfits = new Set<string>();
  const answered = new Set<string>();
  for (const told of text.split('\n').map(readLine)) {
    const { msg, method, route, status, request, where, wanted } = told;
    if (msg === MISFIT) misfits.add([request, where, wanted].join(' '));
    else if (msg === 'answered' && Number(status) < 300) answered.add([method, route, status].join(' '));
  }
  return { misfits: [...misfits], answered: [...answered] };
}

/** For `scripts/test`, which compares all that a whole run saw with the document. @param file absent in other runs */
export function noteAnswered({ answered }: InterfaceLog, file: string | undefined): void {
  if (file !== undefined) appendFileSync(file, answered.map((each) => `${each}\n`).join(''));
}

function readLine(line: string): Partial<Readonly<Record<string, string | number>>> {
  try {
    return JSON.parse(line) as Partial<Record<string, string | number>>;
  } catch {
    return {}; // Something else wrote a line, or a killed process half of one.
  }
}
