import { createParser } from 'eventsource-parser';

/** One message of a stream of server-sent events. */
export interface StreamMessage {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: unknown;
  /** Where the stream goes on behind this message. */
  readonly id: string | undefined;
}

/**
 * Reads server-sent events (WHATWG HTML, section 9.2) from a body: `EventSource` cannot send who is asking.
 * @returns when the stream ended. @throws {TypeError} where the connection broke
 */
export async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onMessage: (message: StreamMessage) => void,
): Promise<void> {
  const parser = createParser({
    onEvent: ({ event = 'message', data, id }) => {
      onMessage({ event, data: JSON.parse(data) as unknown, id });
    },
  });
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) parser.feed(part.value);
}
