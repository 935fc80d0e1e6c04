import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { MspError } from '../embedded/msp/errors.js';
import { compilePolicy, isSatisfiedByRoles } from '../embedded/msp/policy.js';
import { parsePolicyText } from '../embedded/msp/policy-text.js';
import { type Principal } from '../embedded/msp/principal.js';
import { circlesOf, findChannelContradictions } from './channel-members.js';
import { channel, channelName, mspId } from './channels.js';
import { collection, judgeMembership } from './collections.js';
import { TopologyError, type TopologyProblem } from './errors.js';
import { consentersMin } from './quorum.js';

const textCharactersMax = 262_144;
const organisationsMax = 16;
const peersMax = 8;
const usersMax = 200;
const chaincodesMax = 16;
const collectionsMax = 64;
const batchKeysMax = 100_000;
const furtherChannelsMax = 15;
const consentersMax = 16;

const label = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'wanted a short lower-case name such as chongqing');
const domain = z
  .string()
  .regex(
    /^(?=.{1,200}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
    'wanted a lower-case domain',
  );
const userName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, 'wanted a user name: letters, digits, "_" and "-"');
const attributeName = z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, 'wanted an attribute name such as yz.role');
/** An orderer of a network of Fabric's own programs, and its number among the consenters, which is nobody else's ever. */
const consenter = z.strictObject({
  name: z
    .string()
    .regex(/^orderer\d{1,2}\.orderer\.[a-z0-9.-]{1,200}$/, 'wanted ordererN.orderer.<domain of a member>'),
  id: z.int().min(1).max(65_535),
});
/** Ports below 1024 want privileges that nothing here has. */
const port = z.int().min(1_024).max(65_535);
const user = z.strictObject({
  name: userName,
  /** Written into the certificate's attribute extension; contracts decide by them. */
  attributes: z.record(attributeName, z.string().max(256)).default({}),
});

const ca = z.strictObject({
  /** Where the organisation's authority answers Fabric CA's protocol; without it, a free port that is kept. */
  port: port.optional(),
  /** Who may register others. Without a secret one is made, and kept in the data folder. */
  registrar: z
    .strictObject({ name: userName.default('admin'), secret: z.string().min(1).max(256).optional() })
    .prefault({}),
});

/** What people read beside the MSP id. No part of the channel, so that it may change. */
const title = z.strictObject({ zh: z.string().trim().min(1).max(40), en: z.string().trim().min(1).max(80) });

const organisation = z.strictObject({
  mspId,
  name: label,
  title: title.optional(),
  domain,
  users: z.array(user).max(usersMax).default([]),
  /** How many peers the organisation runs. */
  peers: z.int().min(1).max(peersMax).default(1),
  /** Where the peers listen, one port each, in order; without it, free ports that are kept from start to start. */
  ports: z.array(port).max(peersMax).optional(),
  ca: ca.prefault({}),
});

const chaincode = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$/, 'wanted a chaincode name')
    .max(64),
  version: z.string().regex(/^[A-Za-z0-9_.+-]{1,64}$/, 'wanted a version in quotes, such as "1.0.0"'),
  /** Counts the channel's definitions of this chaincode. */
  sequence: z.int().min(1).default(1),
  /** Who must endorse, such as `OutOf(2,'AMSP.peer','BMSP.peer')`. */
  endorsement: z.string(),
  /** Program and parameters that start the chaincode server; `node` means this process's own Node. */
  command: z.array(z.string().min(1)).min(1).max(64),
  /** Whether every organisation gets a server process of its own; needed when the chaincode calls `getMspID`. */
  perOrganisation: z.boolean().default(false),
  /** Working folder of the command. A relative one counts from where the topology's file lies. */
  folder: z.string().min(1).max(4_096).optional(),
  /** Whether an edit of a file below `folder` restarts the server, so that the next call runs what was written. */
  watch: z.boolean().default(false),
  /** Where the servers listen: one port, or one for each organisation with `perOrganisation`. */
  ports: z.array(port).max(organisationsMax).optional(),
  /** The channels that it is defined on; the first one unless told. */
  channels: z.array(channelName).min(1).optional(),
  /** Its private data collections; those of single organisations, `_implicit_org_<MSP id>`, are always there. */
  collections: z.array(collection).max(collectionsMax).default([]),
});

/** Messages of the shim that hold several keys. Source: chaincode.runtimeParams in Fabric 3.1's core.yaml. */
const runtimeParams = z.strictObject({
  /** Whether a chaincode may send several writes in one message. */
  useWriteBatch: z.boolean().default(true),
  /** How many writes it may send in one. */
  maxSizeWriteBatch: z.int().min(1).max(batchKeysMax).default(1_000),
  /** Whether a chaincode may ask for several keys in one message. */
  useGetMultipleKeys: z.boolean().default(true),
  /** How many keys it may ask for in one. */
  maxSizeGetMultipleKeys: z.int().min(1).max(batchKeysMax).default(1_000),
});

/** Source: peer.limits.concurrency and chaincode.executetimeout in Fabric's core.yaml, also of the defaults. */
const limits = z.strictObject({
  /** Calls of a peer's gateway that may be under way at the same time, its streams included; 0: no limit. */
  gatewayService: z.int().min(0).max(1_000_000).default(500),
  endorserService: z.int().min(0).max(1_000_000).default(2_500),
  deliverService: z.int().min(0).max(1_000_000).default(2_500),
  /** How long one call of a chaincode may take, milliseconds. */
  executeTimeoutMs: z.int().min(100).max(3_600_000).default(30_000),
});

const topology = z
  .strictObject({
    organisations: z.array(organisation).min(1).max(organisationsMax),
    orderer: z
      .strictObject({
        mspId,
        name: label,
        domain,
        port: port.optional(),
        /** Who orders where Fabric's own programs run; the default is four orderers that go round the organisations. */
        consenters: z.array(consenter).min(consentersMin).max(consentersMax).optional(),
      })
      .default({ mspId: 'OrdererMSP', name: 'orderer', domain: 'orderer.example' }),
    channel,
    /** Channels beside the first one, each with its own members, blocks and definitions. */
    furtherChannels: z.array(channel).max(furtherChannelsMax).default([]),
    chaincodes: z.array(chaincode).max(chaincodesMax).default([]),
    /** What every peer tells the chaincodes that it may be asked; those that do not know the messages ask one by one. */
    runtimeParams: runtimeParams.prefault({}),
    /** What each peer bears. */
    limits: limits.prefault({}),
  })
  .superRefine((wanted, context) => {
    for (const { path, wanted: message } of findContradictions(wanted)) {
      context.addIssue({ code: 'custom', path: path.split('.'), message });
    }
  });

/** A consortium as its owner describes it: organisations, users, channels and the chaincodes on them. */
export type Topology = z.output<typeof topology>;

/**
 * Reads a topology from YAML or JSON; what is left out gets its default.
 * @param text 256 KiB of characters at most. @throws TopologyError TOPOLOGY_INVALID naming every path that is wrong
 */
export function parseTopology(text: string): Topology {
  const result = topology.safeParse(readDocument(text));
  if (result.success) return result.data;
  throw new TopologyError(
    result.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), wanted: message })),
  );
}

function readDocument(text: string): unknown {
  if (text.length > textCharactersMax) throw new TopologyError([{ path: '', wanted: 'wanted at most 256 KiB' }]);
  try {
    return parseYaml(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : '';
    throw new TopologyError([{ path: '', wanted: `wanted YAML or JSON: ${reason}` }], { cause });
  }
}

/** What no single field can show: names used twice, and policies that nobody could follow. */
function findContradictions(wanted: z.output<typeof topology>): TopologyProblem[] {
  const { organisations, orderer, chaincodes } = wanted;
  const unknown = findChannelContradictions(wanted);
  if (unknown.length > 0) return unknown; // What follows asks for members of channels.
  const all = [...organisations, orderer];
  const peersFor = (chaincode: Chaincode): string[][] =>
    circlesOf(chaincode, wanted).map((members) =>
      organisations
        .filter((each) => members.includes(each.mspId))
        .flatMap((each) => new Array<string>(each.peers).fill(each.mspId)),
    );
  const path = (index: number, field: string): string =>
    index < organisations.length ? `organisations.${index}.${field}` : `orderer.${field}`;
  return [
    ...findPortContradictions(wanted),
    ...findConsenterContradictions({ organisations, orderer }),
    ...repeated(all.map((each) => each.mspId)).map((index) => twice(path(index, 'mspId'))),
    ...repeated(all.map((each) => each.name)).map((index) => twice(path(index, 'name'))),
    ...repeated(all.map((each) => each.domain)).map((index) => twice(path(index, 'domain'))),
    ...organisations.flatMap(({ users }, at) =>
      // Folders are named after users, and some file systems do not tell upper from lower case.
      repeated(users.map(({ name }) => name.toLowerCase())).map((index) =>
        twice(`organisations.${at}.users.${index}.name`),
      ),
    ),
    ...repeated(chaincodes.map(({ name }) => name)).map((index) => twice(`chaincodes.${index}.name`)),
    ...chaincodes.flatMap(({ watch, folder }, index) =>
      watch && folder === undefined
        ? [{ path: `chaincodes.${index}.folder`, wanted: 'wanted the folder to watch' }]
        : [],
    ),
    ...chaincodes.flatMap((each, index) =>
      peersFor(each).flatMap((peers) => [
        ...problem(`chaincodes.${index}.endorsement`, judgeEndorsement(each.endorsement, peers)),
        ...judgeCollections(each.collections, peers, `chaincodes.${index}`),
      ]),
    ),
  ];
}

type Chaincode = z.output<typeof chaincode>;
type Collections = Chaincode['collections'];

function problem(path: string, wanted: string | undefined): TopologyProblem[] {
  return wanted === undefined ? [] : [{ path, wanted }];
}

function judgeCollections(collections: Collections, peers: readonly string[], path: string): TopologyProblem[] {
  const at = (index: number, field: string): string => `${path}.collections.${index}.${field}`;
  return [
    ...repeated(collections.map(({ name }) => name)).map((index) => twice(at(index, 'name'))),
    ...collections.flatMap(({ policy, endorsementPolicy = {} }, index) => [
      ...problem(
        at(index, 'policy'),
        wantedOf(() => judgeMembership(policy, peers)),
      ),
      ...('signaturePolicy' in endorsementPolicy
        ? problem(at(index, 'endorsementPolicy'), judgeEndorsement(endorsementPolicy.signaturePolicy, peers))
        : []),
    ]),
  ];
}

/** Each consenter is a member's, with a name and a number of its own. */
function findConsenterContradictions({
  organisations,
  orderer: { consenters = [] },
}: Pick<z.output<typeof topology>, 'organisations' | 'orderer'>): TopologyProblem[] {
  const path = (index: number, field: string): string => `orderer.consenters.${index}.${field}`;
  const isMembers = (name: string): boolean => organisations.some((each) => name.endsWith(`.orderer.${each.domain}`));
  return [
    ...repeated(consenters.map(({ name }) => name)).map((index) => twice(path(index, 'name'))),
    ...repeated(consenters.map(({ id }) => String(id))).map((index) => twice(path(index, 'id'))),
    ...consenters.flatMap(({ name }, index) =>
      isMembers(name) ? [] : [{ path: path(index, 'name'), wanted: 'wanted ordererN.orderer.<domain of a member>' }],
    ),
  ];
}

/** Ports are given for all listeners of their kind or for none, and no two listeners can share one. */
function findPortContradictions(wanted: z.output<typeof topology>): TopologyProblem[] {
  const { organisations, orderer, chaincodes } = wanted;
  const lists = [
    ...organisations.map(({ ports, peers }, index) => ({ path: `organisations.${index}.ports`, ports, count: peers })),
    ...chaincodes.map((each, index) => ({
      path: `chaincodes.${index}.ports`,
      ports: each.ports,
      count: each.perOrganisation ? new Set(circlesOf(each, wanted).flat()).size : 1,
    })),
  ];
  const single = [orderer.port, ...organisations.map((each) => each.ca.port)].filter((each) => each !== undefined);
  const all = [...single, ...lists.flatMap(({ ports = [] }) => ports)];
  return [
    ...lists.flatMap(({ path, ports, count }) =>
      ports !== undefined && ports.length !== count ? [{ path, wanted: `wanted ${count} ports` }] : [],
    ),
    ...(new Set(all).size === all.length ? [] : [{ path: '', wanted: 'wanted ports that are not used twice' }]),
  ];
}

/** @returns indexes of the values that stood in the list before. */
function repeated(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}

function twice(path: string): TopologyProblem {
  return { path, wanted: 'wanted a name that is not used twice' };
}

/** @param peers the MSP id of every peer, repeated where an organisation has several. @returns what was wanted. */
function judgeEndorsement(text: string, peers: readonly string[]): string | undefined {
  return wantedOf(() => {
    const policy = compilePolicy(parsePolicyText(text));
    const stranger = policy.principals.find((principal) => !peers.includes(mspIdOf(principal)));
    if (stranger !== undefined) return `wanted organisations of its channels, not ${mspIdOf(stranger)}`;
    const everyone = peers.map((each) => ({ mspId: each, role: 'peer' as const }));
    return isSatisfiedByRoles(policy, everyone) ? undefined : 'wanted a policy that all peers together satisfy';
  });
}

/** What a judge of policies wants; a policy that does not parse wants what its error says. */
function wantedOf(judge: () => string | undefined): string | undefined {
  try {
    return judge();
  } catch (cause) {
    if (cause instanceof MspError) return cause.message;
    throw cause;
  }
}

function mspIdOf(principal: Principal): string {
  return 'mspId' in principal ? principal.mspId : '';
}
