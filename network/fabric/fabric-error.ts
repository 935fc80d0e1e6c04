/** Why a network of Fabric's own programs could not be started or changed. */
export const FABRIC_ERROR_CODES = [
  'FABRIC_COMMAND_FAILED',
  'FABRIC_NODE_UNREACHABLE',
  'FABRIC_NOT_READY',
  'FABRIC_NODE_UNKNOWN',
  'FABRIC_NODE_STOPPED',
  'FABRIC_NODE_RUNS',
  'FABRIC_CHANGE_UNSUPPORTED',
] as const;

/** One of {@link FABRIC_ERROR_CODES}. */
export type FabricErrorCode = (typeof FABRIC_ERROR_CODES)[number];

/** A refusal of the Fabric engine; the message says what was tried and what the program answered. */
export class FabricError extends Error {
  override readonly name = 'FabricError';
  readonly code: FabricErrorCode;

  constructor(code: FabricErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
