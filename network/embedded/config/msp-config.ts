import { msp } from '@hyperledger/fabric-protos';
import { type NodeRole } from '../msp/identity.js';

/** What a channel publishes about an organisation: PEM texts of its two certification authorities, no keys. */
export interface MspMaterial {
  readonly mspId: string;
  readonly caPem: string;
  readonly tlsCaPem: string;
}

/**
 * An organisation's membership rules as the channel's configuration holds them: one root, roles by NodeOU, no listed
 * administrators. Equal, byte for byte, to what configtxgen makes of cryptogen's folder.
 * @returns bytes of `msp.MSPConfig`. Source: Fabric msp/configbuilder.go, getMspConfig.
 */
export function encodeMspConfig({ mspId, caPem, tlsCaPem }: MspMaterial): Uint8Array {
  const root = Buffer.from(caPem);
  const unit = (role: NodeRole): msp.FabricOUIdentifier => {
    const identifier = new msp.FabricOUIdentifier();
    identifier.setCertificate(root);
    identifier.setOrganizationalUnitIdentifier(role);
    return identifier;
  };
  const units = new msp.FabricNodeOUs();
  units.setEnable(true);
  units.setClientOuIdentifier(unit('client'));
  units.setPeerOuIdentifier(unit('peer'));
  units.setAdminOuIdentifier(unit('admin'));
  units.setOrdererOuIdentifier(unit('orderer'));

  const crypto = new msp.FabricCryptoConfig();
  crypto.setSignatureHashFamily('SHA2');
  crypto.setIdentityIdentifierHashFunction('SHA256');

  const fabric = new msp.FabricMSPConfig();
  fabric.setName(mspId);
  fabric.addRootCerts(root);
  fabric.setCryptoConfig(crypto);
  fabric.addTlsRootCerts(Buffer.from(tlsCaPem));
  fabric.setFabricNodeOus(units);

  const config = new msp.MSPConfig();
  config.setConfig(fabric.serializeBinary());
  return config.serializeBinary();
}
