/** The part of fabric-shim 2.5 that its own `fabric-chaincode-node server` starts contracts with; it ships no types. */
declare module 'fabric-shim/lib/contract-spi/bootstrap.js' {
  const Bootstrap: {
    /** Builds the dispatcher over the contracts and, with `serverMode`, listens. Rejects when it cannot bind. */
    register(
      contracts: readonly (new () => object)[],
      serializers: { readonly transaction: string; readonly serializers: Readonly<Record<string, unknown>> },
      metadata: object,
      title: string,
      version: string,
      options: Readonly<Record<string, string | number | object>>,
      serverMode: boolean,
    ): Promise<void>;
  };
  export = Bootstrap;
}
