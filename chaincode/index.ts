import { ConsortiumContract } from './consortium/contract.js';
import { EvidenceContract } from './evidence/contract.js';
import { ProofContract } from './evidence/proof-contract.js';

/** The contracts of the one chaincode `yinzheng`, in the form that fabric-shim's bootstrap takes. */
export const contracts = [EvidenceContract, ProofContract, ConsortiumContract];
