import { LIFECYCLE } from '../../commit/definitions.js';
import { Fields } from '../../wire/protobuf-reader.js';
import { WireError } from '../../wire/wire-error.js';
import { CHANNEL_WRITERS, channelRefusal, localRefusal, refuseFor } from '../access.js';
import { type SystemContext } from '../served-channel.js';
import { respond, type SystemCall, type SystemChaincode, SystemRefusal, textArg } from '../system-chaincode.js';
import { approve, queryApproved } from './approvals.js';
import { checkReadiness, commitDefinition, queryDefinition, queryDefinitions } from './definition-queries.js';
import { aboutPackages, type Packages } from './installed.js';
import { type LifecycleCall, LifecycleState } from './lifecycle-state.js';

type OnChannel = (call: LifecycleCall) => Uint8Array | Promise<Uint8Array>;

/** What concerns the channel is for its writers, what concerns the organisation for its administrators. */
const onChannel: Readonly<Record<string, { readonly may: 'write' | 'administer'; readonly run: OnChannel }>> = {
  QueryChaincodeDefinition: { may: 'write', run: queryDefinition },
  QueryChaincodeDefinitions: { may: 'write', run: queryDefinitions },
  CheckCommitReadiness: { may: 'write', run: checkReadiness },
  CommitChaincodeDefinition: { may: 'write', run: commitDefinition },
  ApproveChaincodeDefinitionForMyOrg: { may: 'administer', run: approve },
  QueryApprovedChaincodeDefinition: { may: 'administer', run: queryApproved },
};

/**
 * The lifecycle system chaincode: what is installed, what organisations approve, and what the channel adopts.
 * Arguments are the function and its message; the answer is its result message.
 * Source: Fabric core/chaincode/lifecycle/scc.go.
 */
export function createLifecycle(context: SystemContext, packages: Packages): SystemChaincode {
  return {
    name: LIFECYCLE,
    invoke: (call) => respond(() => answer(context, packages, call)),
  };
}

function answer(context: SystemContext, packages: Packages, call: SystemCall): Uint8Array | Promise<Uint8Array> {
  const { args, channelId } = call;
  checkCount(args);
  const name = textArg(args, 0);
  const channel = context.channels().get(channelId)?.config();
  if (channelId !== '' && channel === undefined) {
    throw new SystemRefusal(`could not get channelconfig for channel '${channelId}'`);
  }
  const known = Object.hasOwn(onChannel, name) ? onChannel[name] : undefined;
  const local = Object.hasOwn(aboutPackages, name) ? aboutPackages[name] : undefined;
  checkAccess(context, call, name, known?.may ?? (local === undefined ? undefined : 'administer'));
  return failing(name, () => {
    const message = new Fields(args[1] ?? new Uint8Array(0));
    if (local !== undefined) return local(message, packages, context.channels());
    if (known === undefined || channel === undefined || call.simulator === undefined) {
      throw new SystemRefusal('invalid channel-less operation');
    }
    const state = new LifecycleState(call.simulator);
    return known.run({ args: message, state, channel, mspId: context.mspId });
  });
}

function checkCount({ length }: readonly Uint8Array[]): void {
  if (length === 0) throw new SystemRefusal('lifecycle scc must be invoked with arguments');
  if (length !== 2) {
    throw new SystemRefusal(`lifecycle scc operations require exactly two arguments but received ${length}`);
  }
}

function checkAccess(
  context: SystemContext,
  { channelId, creator }: SystemCall,
  name: string,
  may: 'write' | 'administer' | undefined,
): void {
  const channel = context.channels().get(channelId)?.config();
  const refusals = {
    write: () => channelRefusal(channel, channelId, CHANNEL_WRITERS, [creator]),
    administer: () => localRefusal(context.mspId, 'Admins', creator),
  };
  const refusal = may === undefined ? `Unmapped policy for ${LIFECYCLE}/${name}` : refusals[may]();
  refuseFor(refusal, (reason) => `Failed to authorize invocation due to failed ACL check: ${reason}`);
}

/** What a function refuses is told with its name, but for what does not exist: that has a status of its own. */
async function failing(name: string, work: () => Uint8Array | Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof SystemRefusal && cause.status === 404) throw cause;
    if (!(cause instanceof SystemRefusal) && !(cause instanceof WireError)) throw cause;
    throw new SystemRefusal(`failed to invoke backing implementation of '${name}': ${cause.message}`, 500, { cause });
  }
}
