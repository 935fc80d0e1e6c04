import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

import { TopologyError } from './errors.js';
import { type Topology } from './topology.js';

/** A host name or an IPv4 address, without a port. */
const place = z
  .string()
  .regex(/^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,250}[a-zA-Z0-9])?$/, 'wanted a DNS name or an IPv4 address');

const host = z.strictObject({
  /** Where the other hosts reach it; each node's own DNS name where it is left out. */
  address: place.optional(),
  /** The address that its nodes listen on. */
  listen: place.default('0.0.0.0'),
  /** The address of what this host alone calls: administration and chaincodes. */
  local: place.default('127.0.0.1'),
});

/** How one organisation's host is reached and what it listens on. */
export type Host = z.output<typeof host>;

/** Hosts by MSP id; an organisation that is not named has the defaults. */
export type Hosts = Readonly<Partial<Record<string, Host>>>;

/** What an organisation has that names nothing. */
export const defaultHost: Host = host.parse({});

/**
 * Reads which address each organisation's host has, by MSP id, from YAML or JSON.
 * @throws TopologyError TOPOLOGY_INVALID naming every path that is wrong
 */
export function parseHosts(text: string, { organisations }: Pick<Topology, 'organisations'>): Hosts {
  const result = z.record(z.string(), host).safeParse(readDocument(text));
  if (!result.success) {
    throw new TopologyError(
      result.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), wanted: message })),
    );
  }
  const members = organisations.map(({ mspId }) => mspId);
  const strangers = Object.keys(result.data).filter((mspId) => !members.includes(mspId));
  if (strangers.length > 0) {
    throw new TopologyError(strangers.map((path) => ({ path, wanted: `wanted one of ${members.join(', ')}` })));
  }
  return result.data;
}

function readDocument(text: string): unknown {
  try {
    return parseYaml(text) as unknown;
  } catch (cause) {
    throw new TopologyError([{ path: '', wanted: 'wanted YAML or JSON' }], { cause });
  }
}
