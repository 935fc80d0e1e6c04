/** `common.Status` values that an orderer answers with. */
export type BroadcastStatus = 'BAD_REQUEST' | 'FORBIDDEN' | 'SERVICE_UNAVAILABLE';

/** An orderer's refusal to order an envelope. `message` is Fabric's `info` text. */
export class BroadcastRefusal extends Error {
  override readonly name = 'BroadcastRefusal';
  readonly status: BroadcastStatus;

  constructor(status: BroadcastStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
