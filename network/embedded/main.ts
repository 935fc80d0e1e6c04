import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type NetworkAddresses } from '../manager/network.js';
import { writeAtomically } from '../manager/atomic-file.js';
import { EmbeddedNetwork } from './network.js';
import { readPlanFile, serveCommands } from './serve-commands.js';

/** How long an orderly end may take before the process ends anyway, milliseconds. */
const closeTimeoutMs = 10_000;

// Ledgers, journals and logs are for whoever runs this alone, also those that libraries write.
process.umask(0o077);

const startedMs = Date.now();

/**
 * The process of an embedded network: `main --data DIR`, where `DIR/plan.json` says what to run. Writes
 * `run/network.json` and one JSON line when everything answers; carries out an operator's command on SIGHUP; ends in
 * order on SIGTERM and SIGINT. A failed start is one JSON line on stderr and exit code 1.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string', default: '.yinzheng' } } });
  const folder = resolve(values.data);
  const network = await EmbeddedNetwork.start(readPlanFile(folder), {
    onBug: reportBug,
    nowMs: Date.now,
    onChange: (changed) => {
      writeAddresses(folder, changed);
    },
  });
  serveCommands(network, folder, reportBug);
  const addresses = writeAddresses(folder, network);
  process.stdout.write(`${JSON.stringify({ ready: true, ...addresses, startMs: Date.now() - startedMs })}\n`);
  const end = () => {
    setTimeout(() => process.exit(1), closeTimeoutMs).unref();
    network.close().then(
      () => process.exit(0),
      (error: unknown) => {
        reportBug(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

function writeAddresses(folder: string, network: EmbeddedNetwork): NetworkAddresses {
  const addresses = describe(network);
  writeAtomically(join(folder, 'run', 'network.json'), `${JSON.stringify(addresses, undefined, 2)}\n`);
  return addresses;
}

function describe(network: EmbeddedNetwork): NetworkAddresses {
  const { plan, runningPeers } = network;
  return {
    pid: process.pid,
    startedMs,
    channel: plan.channel.name,
    consensusType: network.channel.consensusType,
    organisations: plan.organisations.map(({ mspId, name, domain, nodes }) => ({
      mspId,
      name,
      domain,
      peers: nodes.map(({ id, address }) => ({ name: id, address, running: runningPeers.has(id) })),
    })),
    chaincodes: plan.chaincodes.map(({ name, version, sequence }) => ({ name, version, sequence })),
  };
}

/** The log is for operators: a stack, and never a transaction's content. */
function reportBug(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

main().catch((error: unknown) => {
  const code = (error as { code?: unknown }).code;
  const message = error instanceof Error ? error.message : String(error);
  const failure = { error: { code: typeof code === 'string' ? code : 'NETWORK_START_FAILED', message } };
  process.stderr.write(`${JSON.stringify(failure)}\n`);
  process.exit(1);
});
