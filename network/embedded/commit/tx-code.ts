import { peer } from '@hyperledger/fabric-protos';

import type { WireErrorCode } from '../wire/wire-error.js';

/** A verdict on one transaction: a number of peer.TxValidationCode. */
export type TxCode = peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];

const { TxValidationCode } = peer;

/** Ends the judgement of one transaction with a code other than VALID; it never leaves `judgeBlock`. */
export class TxRefused extends Error {
  override readonly name = 'TxRefused';
  readonly code: TxCode;

  constructor(code: TxCode, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.code = code;
  }
}

/**
 * The verdict when a part of a transaction does not parse. Source: core/common/validation/msgvalidation.go,
 * ValidateTransaction; core/committer/txvalidator/v20/plugindispatcher/dispatcher.go, Dispatch.
 */
export const CODE_OF_BAD_PART = {
  BAD_BYTES: TxValidationCode.INVALID_OTHER_REASON,
  BAD_BLOCK: TxValidationCode.INVALID_OTHER_REASON,
  BAD_METADATA: TxValidationCode.INVALID_OTHER_REASON,
  BAD_ENVELOPE: TxValidationCode.INVALID_OTHER_REASON,
  BAD_PAYLOAD: TxValidationCode.BAD_PAYLOAD,
  BAD_HEADER: TxValidationCode.BAD_COMMON_HEADER,
  BAD_HEADER_EXTENSION: TxValidationCode.BAD_HEADER_EXTENSION,
  BAD_TRANSACTION: TxValidationCode.INVALID_ENDORSER_TRANSACTION,
  BAD_ACTION: TxValidationCode.BAD_RESPONSE_PAYLOAD,
  BAD_EVENT: TxValidationCode.INVALID_OTHER_REASON,
  BAD_RWSET: TxValidationCode.BAD_RWSET,
  BAD_PROPOSAL: TxValidationCode.INVALID_OTHER_REASON,
} as const satisfies Record<WireErrorCode, TxCode>;
