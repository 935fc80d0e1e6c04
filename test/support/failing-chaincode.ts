import '../../chaincode/quiet-logs.js';
import 'fabric-shim';

// A server that fails where nobody catches it, as a contract's module may.
setImmediate(() => {
  throw new Error('this server cannot start');
});
setTimeout(() => undefined, 60_000); // What is open keeps a process running that did not end.
