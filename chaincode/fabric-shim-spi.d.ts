/** contract-api's dispatcher, the part of fabric-shim 2.5 that `fabric-chaincode-node server` runs contracts with; untyped. */
declare module 'fabric-shim/lib/contract-spi/chaincodefromcontract.js' {
  class ChaincodeFromContract {
    /** Contracts by their names, `org.hyperledger.fabric` among them. */
    protected readonly contractImplementations: Readonly<Record<string, object>>;
    /** Builds the metadata too. @throws {Error} where a class is no contract */
    constructor(
      contracts: readonly (new () => object)[],
      serializers: { readonly transaction: string; readonly serializers: Readonly<Record<string, unknown>> },
      metadata: object,
      title: string,
      version: string,
    );
    Init(stub: object): Promise<{ status: number; message?: string; payload?: Uint8Array }>;
    Invoke(stub: object): Promise<{ status: number; message?: string; payload?: Uint8Array }>;
  }
  export = ChaincodeFromContract;
}

/** fabric-shim's server of chaincode as a service; untyped below the package's root. */
declare module 'fabric-shim/lib/server.js' {
  import { type ChaincodeServerOpts } from 'fabric-shim';

  class ChaincodeServer {
    constructor(chaincode: object, options: ChaincodeServerOpts);
    start(): Promise<void>;
    /** Called by gRPC for each stream that a peer opens. */
    connect(stream: object): void;
  }
  export = ChaincodeServer;
}
