import { runNetworkProcess } from '../manager/network-process.js';
import { type NetworkPlan } from '../plan/plan.js';
import { EmbeddedNetwork } from './network.js';

/** The process of an embedded network. */
runNetworkProcess<NetworkPlan>((plan, hooks) => EmbeddedNetwork.start(plan, hooks));
