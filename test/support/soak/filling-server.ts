import '../../../chaincode/quiet-logs.js'; // Before everything that loads fabric-shim.
import 'fabric-shim'; // Before the contracts: its own protobuf classes are registered by name, and the last ones win.
import './add-fill-contract.js'; // Before the server reads the list of contracts.
import '../../../chaincode/server.js';
