/**
 * Why a channel's configuration was refused.
 * - `CONFIG_MALFORMED`: the bytes are no configuration block or envelope, or a part that every channel needs is missing.
 * What is wrong with an organisation or a policy inside it is said by `MspError`.
 */
export type ConfigErrorCode = 'CONFIG_MALFORMED';

/** A channel configuration that cannot be used. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigErrorCode;

  /** @param reason what was found and what was wanted; follows the code in `message`. */
  constructor(code: ConfigErrorCode, reason: string, options?: ErrorOptions) {
    super(`${code}: ${reason}`, options);
    this.code = code;
  }
}
