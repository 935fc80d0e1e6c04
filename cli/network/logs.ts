import { type Command, InvalidArgumentError } from 'commander';

import { followLogs, lastLines, listLogs, type LogFile, type LogLine } from '../../network/manager/log-files.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../printable.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';

interface LogsOptions extends CommonOptions {
  readonly follow?: true;
  readonly lines: number;
}

const linesMax = 10_000;

/** Adds `network logs`: what the processes of a data folder wrote, one after the other, or as they write it. */
export function addNetworkLogs(group: Command, shell: Shell): void {
  addVerb(group, 'logs [node]', 'the last lines of every log, or of one node, such as peer0.org1.example.com')
    .option('-f, --follow', 'go on with what is written from now on, until Ctrl-C; one JSON value a line with --json')
    .option('--lines <n>', 'how many of the last lines of each log', readCount, 20)
    .action(async (node: string | undefined, options: LogsOptions) => {
      const files = listLogs(folderOf(options).root, node);
      const logs = files.map((each) => ({ ...each, lines: lastLines(each, options.lines) }));
      if (options.follow === true)
        return follow(
          files,
          logs.flatMap(({ lines }) => lines),
          options,
          shell,
        );
      shell.finish(options, {
        exit: EXIT.match,
        json: { logs: logs.map(({ lines, ...each }) => ({ ...each, lines: lines.map(({ line }) => line) })) },
        text: logs
          .map(({ file, lines }) => [`== ${file}`, ...lines.map(({ line }) => printable(line))].join('\n'))
          .join('\n'),
      });
    });
}

async function follow(
  files: readonly LogFile[],
  before: readonly LogLine[],
  { json }: LogsOptions,
  { terminal }: Shell,
): Promise<void> {
  const named = files.length > 1;
  const tell = ({ node, line }: LogLine): void => {
    const text = `${named ? `${node}  ` : ''}${printable(line)}`;
    terminal.out(`${json === true ? JSON.stringify({ node, line }) : text}\n`);
  };
  before.forEach(tell);
  const asked = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      asked.abort();
    });
  await followLogs(files, tell, asked.signal);
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= linesMax) return count;
  throw new InvalidArgumentError(`wanted a whole number up to ${linesMax}`);
}
