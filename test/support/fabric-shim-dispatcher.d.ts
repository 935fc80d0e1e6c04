/** contract-api's dispatcher, which fabric-shim ships without types. */
declare module 'fabric-shim/lib/contract-spi/chaincodefromcontract.js' {
  class ChaincodeFromContract {
    constructor(
      contracts: readonly (new () => object)[],
      serializers: object,
      metadata: object,
      title: string,
      version: string,
    );
    Invoke(stub: object): Promise<{ status: number; message?: string; payload?: Uint8Array }>;
  }
  export = ChaincodeFromContract;
}
