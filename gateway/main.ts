import { parseArgs } from 'node:util';

import pino from 'pino';

import { createGateway, type Gateway } from './app.js';
import { ConfigError } from './config-error.js';
import { readConfig } from './config.js';

// The audit index and its journals name who did what: for whoever runs this alone.
process.umask(0o077);

/** Exit codes of sysexits.h. */
const EXIT = { usage: 64, config: 78, failed: 1 } as const;

/**
 * `main.js --config FILE [--config FILE…]`: one gateway for each file, in one process. Logs go to standard error; the
 * one line on standard output, `{"ready":true,"gateways":[{name,url}]}`, says that all of them listen. SIGTERM and
 * SIGINT end it in good order.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string', multiple: true } } });
  if (values.config === undefined) {
    process.stderr.write('usage: main.js --config FILE [--config FILE...]\n');
    process.exitCode = EXIT.usage;
    return;
  }
  const logger = pino({ base: null, level: process.env.LOG_LEVEL ?? 'info' }, pino.destination(2));
  const gateways: Gateway[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void close());
  try {
    for (const config of values.config.map(readConfig)) gateways.push(await createGateway(config, { logger }));
  } catch (error) {
    await close();
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof ConfigError ? EXIT.config : EXIT.failed;
    return;
  }
  const listening = gateways.map(({ name, url }) => ({ name, url }));
  process.stdout.write(`${JSON.stringify({ ready: true, gateways: listening })}\n`);
}

void main();
