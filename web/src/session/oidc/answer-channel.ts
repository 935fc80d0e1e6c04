/** Windows of this gateway's pages alone hear each other; each attempt to sign in has a channel that its state names. */
const NAME = 'yinzheng.sign-in.';
const TAKEN = { taken: true } as const;
/** How long the window that asked may take to hear the answer, milliseconds: browsers slow down what is hidden. */
const TAKEN_MS_MAX = 3_000;

/**
 * Waits for the provider's answer to one attempt. @param state of that attempt, which nobody can guess
 * @param take gets the answer, a query string. @returns what ends the waiting
 */
export function awaitAnswer(state: string, take: (answer: string) => void): () => void {
  const channel = new BroadcastChannel(NAME + state);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string') return;
    channel.postMessage(TAKEN);
    take(data);
  };
  return () => {
    channel.close();
  };
}

/** Gives an answer to the window that asked. @param answer a query string. @returns whether one waited for this state */
export function handOver(answer: string): Promise<boolean> {
  const state = new URLSearchParams(answer).get('state');
  if (state === null) return Promise.resolve(false);
  const channel = new BroadcastChannel(NAME + state);
  return new Promise((resolve) => {
    const end = (taken: boolean): void => {
      clearTimeout(timer);
      channel.close();
      resolve(taken);
    };
    const timer = setTimeout(() => {
      end(false);
    }, TAKEN_MS_MAX);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'object') end(true);
    };
    channel.postMessage(answer);
  });
}
