/** Why a network or a process could not be started, stopped or found. */
export const MANAGER_ERROR_CODES = [
  'PROCESS_FAILED',
  'PROCESS_TIMEOUT',
  'PORTS_EXHAUSTED',
  'FOLDER_BUSY',
  'TOPOLOGY_IN_FORCE',
  'PORT_TAKEN',
  'NETWORK_NOT_RUNNING',
  'NETWORK_RUNNING',
  'COMMAND_REFUSED',
  'DEPLOY_REFUSED',
  'FOLDER_NOT_EMPTY',
  'FOLDER_EMPTY',
  'SNAPSHOT_BROKEN',
  'ENGINE_IN_FORCE',
  'FABRIC_BINARIES_MISSING',
  'NODE_UNKNOWN',
  'CHANGE_REFUSED',
] as const;

/** One of {@link MANAGER_ERROR_CODES}. */
export type ManagerErrorCode = (typeof MANAGER_ERROR_CODES)[number];

/** A refusal that whoever started the command can act on; `details` say where to look. */
export class ManagerError extends Error {
  override readonly name = 'ManagerError';
  readonly code: ManagerErrorCode;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: ManagerErrorCode, details: ManagerError['details'], options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(details)}`, options);
    this.code = code;
    this.details = details;
  }
}
