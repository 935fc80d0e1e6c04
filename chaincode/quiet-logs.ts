// fabric-shim's loggers read their level once, when they are loaded, and log every transaction at the default one.
// Words other than CRITICAL, ERROR, WARNING, INFO and DEBUG are silently INFO, so lower-case `warn` is too.
process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= 'ERROR';
