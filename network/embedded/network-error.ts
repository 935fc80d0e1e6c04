/** Why a running network did not do what its operator asked. */
export type NetworkErrorCode =
  | 'PEER_UNKNOWN'
  | 'PEER_STOPPED'
  | 'PEER_RUNS'
  | 'LAST_PEER'
  | 'ORGANISATION_UNKNOWN'
  | 'CHANNEL_UNKNOWN'
  | 'CONFIG_TIMEOUT'
  | 'AUTHORITY_IN_USE'
  | 'CHANGE_UNSUPPORTED';

/** A refusal of an operator's command; the network goes on as before. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
