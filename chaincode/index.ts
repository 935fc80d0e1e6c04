import { ConsortiumContract } from './consortium/contract.js';
import { EvidenceContract } from './evidence/contract.js';
import { ProofContract } from './evidence/proof-contract.js';
import { LicenseContract } from './license/contract.js';
import { LicenseFieldsContract } from './license/fields-contract.js';
import { HolderContract } from './license/holder-contract.js';

/** The contracts of the one chaincode `yinzheng`, in the form that fabric-shim's bootstrap takes. */
export const contracts = [
  EvidenceContract,
  ProofContract,
  ConsortiumContract,
  LicenseContract,
  LicenseFieldsContract,
  HolderContract,
];
