import '../../../../network/embedded/wire/bounded-decoder.js';

import { gateway, orderer } from '@hyperledger/fabric-protos';

/** A tag, then a length of 2^20, and nothing behind it. */
const BEHIND_THE_END = [0x80, 0x80, 0x40];

test.each([
  ['a text', () => gateway.SubmitRequest.deserializeBinary(Uint8Array.of(0x0a, ...BEHIND_THE_END))],
  ['a message', () => gateway.SubmitRequest.deserializeBinary(Uint8Array.of(0x1a, ...BEHIND_THE_END))],
  [
    'a text inside a message',
    () => orderer.SeekInfo.deserializeBinary(Uint8Array.of(0x0a, 0x04, 0x0a, 0x7f, 0x0a, 0x7f)),
  ],
])('%s whose length points behind the end is refused at once', (_what, read) => {
  expect(read).toThrow('behind the end');
});

test('messages that are whole are read as before', () => {
  const request = new gateway.SubmitRequest();
  request.setTransactionId('标识 id');
  const read = gateway.SubmitRequest.deserializeBinary(request.serializeBinary());
  expect(read.getTransactionId()).toBe('标识 id');
});
