/** Bytes that are not what they should be: no protobuf message, no certificate, no policy. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
