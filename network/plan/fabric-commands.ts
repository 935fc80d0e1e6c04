/** What starts Fabric's programs, without their folders. A process of an earlier start is known by these words. */
export const ordererCommand: readonly string[] = ['orderer', 'start'];
export const peerCommand: readonly string[] = ['peer', 'node', 'start'];
