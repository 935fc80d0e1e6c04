import winston from 'winston';

// fabric-shim's loggers read their level once, when they are loaded, and log every transaction at the default one.
// Words other than CRITICAL, ERROR, WARNING, INFO and DEBUG are silently INFO, so lower-case `warn` is too.
process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= 'ERROR';

// winston formats a message, colours and all, before it asks whether anybody wants it: a fifth of the chaincode's CPU
// for lines that are never printed. A logger whose level is fixed from the start need not.
const { createLogger } = winston;
winston.createLogger = function createQuietLogger(options?: winston.LoggerOptions): winston.Logger {
  // fabric-shim has winston log what nobody caught, and go on: a server that failed to start would neither serve nor
  // end. Node's own way is to print it and exit with 1.
  for (const transport of [options?.transports ?? []].flat()) transport.handleExceptions = false;
  const logger = createLogger(options);
  for (const level of Object.keys(logger.levels)) {
    if (!logger.isLevelEnabled(level)) Object.assign(logger, { [level]: () => logger });
  }
  return logger;
};
