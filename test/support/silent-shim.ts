// The shim logs every refusal as an error; tests cause hundreds of them on purpose.
process.env.CORE_CHAINCODE_LOGGING_LEVEL = 'CRITICAL';
