/** What starts Fabric's programs, without their folders. A process of an earlier start is known by these words. */
export const startOrderer: readonly string[] = ['orderer', 'start'];
export const startPeer: readonly string[] = ['peer', 'node', 'start'];
