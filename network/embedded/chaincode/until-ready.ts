import { type ShimStream } from './shim-stream.js';

/** How often a new server is tried before it counts as one that does not start; each try takes up to three seconds. */
const triesMax = 10;

/** Waits for a server that was just started: on a busy machine that takes a while. @throws ChaincodeError UNREACHABLE */
export async function untilReady(stream: ShimStream): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await stream.ready();
      return;
    } catch (cause) {
      if (tries >= triesMax) throw cause;
    }
  }
}
