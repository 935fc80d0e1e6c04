/** Why a call got no answer from a chaincode. */
export type ChaincodeErrorCode = 'UNREACHABLE' | 'DUPLICATE' | 'TERMINATED' | 'TIMEOUT';

/** The chaincode process or its stream failed; what a contract throws is an answer, not this. Texts are Fabric's. */
export class ChaincodeError extends Error {
  override readonly name = 'ChaincodeError';
  readonly code: ChaincodeErrorCode;

  constructor(code: ChaincodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
