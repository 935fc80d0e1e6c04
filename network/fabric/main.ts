import { runNetworkProcess } from '../manager/network-process.js';
import { type FabricPlan } from '../plan/fabric-plan.js';
import { FabricNetwork } from './fabric-network.js';

/** The process that keeps a network of Fabric's own programs. */
runNetworkProcess<FabricPlan>((plan, hooks) => FabricNetwork.start(plan, hooks));
