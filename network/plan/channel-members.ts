import { type WantedChannel } from './channels.js';
import { type TopologyProblem } from './errors.js';

/** What of a topology is about channels. */
interface Channelled {
  readonly organisations: readonly { readonly mspId: string }[];
  readonly channel: WantedChannel;
  readonly furtherChannels: readonly WantedChannel[];
}

/** A chaincode, as far as it is about channels. */
interface OnChannels {
  readonly channels?: readonly string[] | undefined;
}

/** All channels, the first one before the others. */
export function allChannels({ channel: first, furtherChannels }: Channelled): readonly WantedChannel[] {
  return [first, ...furtherChannels];
}

/** MSP ids of a channel's members, in the topology's order. */
export function membersOf(of: WantedChannel, { organisations }: Channelled): string[] {
  const all = organisations.map((each) => each.mspId);
  return of.organisations === undefined ? all : all.filter((each) => of.organisations?.includes(each));
}

/** Names of the channels that a chaincode is defined on: the first one unless told. */
export function channelsOf({ channels }: OnChannels, topology: Channelled): readonly string[] {
  return channels ?? [topology.channel.name];
}

/** The members of each channel that a chaincode is defined on. */
export function circlesOf(chaincode: OnChannels, topology: Channelled): string[][] {
  const names = channelsOf(chaincode, topology);
  return allChannels(topology)
    .filter(({ name }) => names.includes(name))
    .map((each) => membersOf(each, topology));
}

/** Names that nothing has, or that stand twice. */
export function findChannelContradictions(
  topology: Channelled & { readonly chaincodes: readonly OnChannels[] },
): TopologyProblem[] {
  const channels = allChannels(topology);
  const names = channels.map(({ name }) => name);
  const members = topology.organisations.map((each) => each.mspId);
  const at = (index: number): string => (index === 0 ? 'channel' : `furtherChannels.${index - 1}`);
  return [
    ...names.flatMap((name, index) =>
      names.indexOf(name) < index
        ? [{ path: `${at(index)}.name`, wanted: 'wanted a name that is not used twice' }]
        : [],
    ),
    ...channels.flatMap(({ organisations = [] }, index) => [
      ...organisations.flatMap((each, place) => judge(`${at(index)}.organisations.${place}`, each, members)),
      ...repeated(`${at(index)}.organisations`, organisations),
    ]),
    ...topology.chaincodes.flatMap(({ channels: wanted = [] }, index) => [
      ...wanted.flatMap((each, place) => judge(`chaincodes.${index}.channels.${place}`, each, names)),
      ...repeated(`chaincodes.${index}.channels`, wanted),
    ]),
  ];
}

function judge(path: string, name: string, known: readonly string[]): TopologyProblem[] {
  return known.includes(name) ? [] : [{ path, wanted: `wanted one of ${known.join(', ')}` }];
}

function repeated(path: string, names: readonly string[]): TopologyProblem[] {
  return new Set(names).size === names.length ? [] : [{ path, wanted: 'wanted names that stand once' }];
}
