import { contracts } from '../../../chaincode/index.js';
import { FillContract } from './fill-contract.js';

contracts.push(FillContract as never);
