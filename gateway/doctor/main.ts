import { parseArgs } from 'node:util';

import { ConfigError } from '../config-error.js';
import { readConfig } from '../config.js';
import { diagnose } from './diagnose.js';

/** Exit codes of sysexits.h. */
const EXIT = { usage: 64, config: 78 } as const;

/**
 * `doctor/main.js --config FILE [--config FILE…]`: writes one JSON value on standard output,
 * `{"gateways":[{name,findings}]}`. It changes nothing and needs no gateway to run.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string', multiple: true } } });
  if (values.config === undefined) {
    process.stderr.write('usage: doctor/main.js --config FILE [--config FILE...]\n');
    process.exitCode = EXIT.usage;
    return;
  }
  try {
    const gateways = [];
    for (const config of values.config.map(readConfig)) {
      gateways.push({ name: config.name, findings: await diagnose(config, Date.now) });
    }
    process.stdout.write(`${JSON.stringify({ gateways })}\n`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT.config;
  }
}

void main();
