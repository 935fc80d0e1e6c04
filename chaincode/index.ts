import { CatalogueContract } from './attestation/catalogue-contract.js';
import { AttestationContract } from './attestation/contract.js';
import { AttestationObjectionContract } from './attestation/objection-contract.js';
import { ReconciliationContract } from './attestation/reconciliation-contract.js';
import { ConsortiumContract } from './consortium/contract.js';
import { BatchContract } from './evidence/batch-contract.js';
import { EvidenceContract } from './evidence/contract.js';
import { ProofContract } from './evidence/proof-contract.js';
import { LicenseContract } from './license/contract.js';
import { LicenseFieldsContract } from './license/fields-contract.js';
import { HolderContract } from './license/holder-contract.js';

/** The contracts of the one chaincode `yinzheng`, in the form that fabric-shim's bootstrap takes. */
export const contracts = [
  EvidenceContract,
  BatchContract,
  ProofContract,
  ConsortiumContract,
  LicenseContract,
  LicenseFieldsContract,
  HolderContract,
  CatalogueContract,
  AttestationContract,
  AttestationObjectionContract,
  ReconciliationContract,
];
