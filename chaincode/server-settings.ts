/** Where the chaincode listens and under which id it registers with the peers that connect. */
export interface ServerSettings {
  /** `host:port`. */
  readonly address: string;
  /** Package id on real Fabric, `label:hash`; whatever the peer expects elsewhere. */
  readonly chaincodeId: string;
}

/**
 * Reads the variables that Fabric's chaincode-as-a-service samples use: `CHAINCODE_SERVER_ADDRESS`, and `CHAINCODE_ID`
 * or the older `CORE_CHAINCODE_ID_NAME`. @throws {Error} naming the variable that is missing or ill-formed
 */
export function readServerSettings(env: Readonly<Record<string, string | undefined>>): ServerSettings {
  const address = env.CHAINCODE_SERVER_ADDRESS;
  if (address === undefined || !/^[^\s]+:\d{1,5}$/.test(address)) {
    throw new Error('CHAINCODE_SERVER_ADDRESS must be host:port');
  }
  const chaincodeId = env.CHAINCODE_ID ?? env.CORE_CHAINCODE_ID_NAME;
  if (chaincodeId === undefined || chaincodeId === '') throw new Error('CHAINCODE_ID must be set');
  return { address, chaincodeId };
}
