/** Where the chaincode listens and under which id it registers with the peers that connect. */
export interface ServerSettings {
  /** `host:port`. */
  readonly address: string;
  /** Package id on real Fabric, `label:hash`; whatever the peer expects elsewhere. */
  readonly chaincodeId: string;
  /** Files of its TLS end; absent where it serves in clear text, as on a network that asks for no TLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly clientCaFile?: string };
}

/**
 * Reads the variables that Fabric's chaincode-as-a-service samples use: `CHAINCODE_SERVER_ADDRESS`, and `CHAINCODE_ID`
 * or the older `CORE_CHAINCODE_ID_NAME`; and fabric-shim's own for TLS, `CORE_CHAINCODE_TLS_CERT_FILE`, `…_KEY_FILE`
 * and `…_CLIENT_CACERT_FILE`, with which only peers of that authority may connect. @throws {Error} naming the variable that is missing or ill-formed
 */
export function readServerSettings(env: Readonly<Record<string, string | undefined>>): ServerSettings {
  const address = env.CHAINCODE_SERVER_ADDRESS;
  if (address === undefined || !/^[^\s]+:\d{1,5}$/.test(address)) {
    throw new Error('CHAINCODE_SERVER_ADDRESS must be host:port');
  }
  const chaincodeId = env.CHAINCODE_ID ?? env.CORE_CHAINCODE_ID_NAME;
  if (chaincodeId === undefined || chaincodeId === '') throw new Error('CHAINCODE_ID must be set');
  const tls = readTls(env);
  return { address, chaincodeId, ...(tls === undefined ? {} : { tls }) };
}

function readTls(env: Readonly<Record<string, string | undefined>>): ServerSettings['tls'] {
  const certFile = env.CORE_CHAINCODE_TLS_CERT_FILE;
  const keyFile = env.CORE_CHAINCODE_TLS_KEY_FILE;
  const clientCaFile = env.CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE;
  if (certFile === undefined && keyFile === undefined && clientCaFile === undefined) return undefined;
  if (certFile === undefined) throw new Error('CORE_CHAINCODE_TLS_CERT_FILE must be set for TLS');
  if (keyFile === undefined) throw new Error('CORE_CHAINCODE_TLS_KEY_FILE must be set for TLS');
  return { certFile, keyFile, ...(clientCaFile === undefined ? {} : { clientCaFile }) };
}
