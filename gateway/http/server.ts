import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';

import { gate, type Operation, recognise } from '../auth/gate.js';
import { ANSWER_SECURITY } from '../pages/page-security.js';
import { pageRoutes } from '../pages/page-routes.js';
import { referenceRoutes } from '../pages/reference-routes.js';
import { type GatewayParts } from '../parts.js';
import { attestationRoutes } from '../routes/attestations.js';
import { exportRoutes } from '../routes/audit-export.js';
import { integrityRoutes } from '../routes/audit-integrity.js';
import { liveRoutes } from '../routes/audit-live.js';
import { statisticsRoutes } from '../routes/audit-statistics.js';
import { auditRoutes } from '../routes/audit.js';
import { batchRoutes } from '../routes/batches.js';
import { catalogueRoutes } from '../routes/catalogue.js';
import { consortiumRoutes } from '../routes/consortium.js';
import { deskRoutes } from '../routes/desk.js';
import { evidenceRoutes } from '../routes/evidence.js';
import { holderRoutes } from '../routes/holders.js';
import { jobRoutes } from '../routes/jobs.js';
import { licenseRoutes } from '../routes/licenses.js';
import { receiptRoutes } from '../routes/receipts.js';
import { serviceRoutes } from '../routes/service.js';
import { signInRoutes } from '../routes/sign-in.js';
import { transactionRoutes } from '../routes/transactions.js';
import { verifyRoutes } from '../routes/verify.js';
import { Contract } from '../openapi/contract.js';
import { readDocument } from '../openapi/document.js';
import { guardLedger, guardOutbox, holdToContract, type OnMisfit } from './held-to-contract.js';
import { jsonBody } from './json-body.js';
import { rateLimits } from './limits.js';
import { refuseOtherMethods } from './methods.js';
import { problems, unknownRoute } from './problems.js';
import { requestLog } from './request-log.js';

/**
 * All routes of one gateway, with what stands before and behind each. The order of the middlewares matters.
 * @param onMisfit hears of answers that do not fit the OpenAPI document; `undefined`: they are not looked at.
 */
export function createApp(whole: GatewayParts, onMisfit = misfitLog(whole)): Express {
  const { ledger, outbox } = whole;
  const parts = { ...whole, ledger: guardLedger(ledger), ...(outbox && { outbox: guardOutbox(outbox) }) };
  const { config, logger, metrics, tokens, wallet } = parts;
  const document = readDocument();
  const held = holdToContract(new Contract(document), onMisfit);
  const app = express();
  const limits = rateLimits(config.limits);
  const pass = gate(tokens, wallet);
  const body = jsonBody(config.limits.bodyBytes);
  // A body is read only after its sender is known.
  const admit = (operation: Operation): RequestHandler[] => [pass(operation), limits.byUser, body, held];
  const anyone = [recognise(tokens, wallet), limits.byCaller];
  const publicly = [...anyone, body, held];
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestLog(logger, metrics));
  app.use(helmet({ contentSecurityPolicy: ANSWER_SECURITY, referrerPolicy: { policy: 'no-referrer' } }));
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  const routers = [
    serviceRoutes(parts, [...anyone, held]),
    consortiumRoutes(parts, admit, publicly),
    signInRoutes(parts, admit, publicly),
    evidenceRoutes(parts, admit),
    jobRoutes(parts, admit),
    deskRoutes(parts, admit),
    batchRoutes(parts, (operation) => [pass(operation), limits.byUser, jsonBody(config.limits.batchBodyBytes), held]),
    catalogueRoutes(parts, admit),
    attestationRoutes(parts, admit),
    verifyRoutes(parts, publicly),
    transactionRoutes(parts, publicly),
    receiptRoutes(parts, admit, publicly),
    auditRoutes(parts, admit),
    integrityRoutes(parts, admit),
    statisticsRoutes(parts, admit),
    exportRoutes(parts, admit),
    liveRoutes(parts, admit),
    licenseRoutes(parts, admit, publicly),
    holderRoutes(parts, publicly),
  ];
  for (const router of routers) app.use(refuseOtherMethods(router));
  app.use(referenceRoutes(document));
  if (config.pages !== undefined) app.use(pageRoutes(config.pages, signInOrigins(config)));
  app.use(unknownRoute);
  app.use(problems(logger));
  return app;
}

/** Answers are checked in development, where somebody reads the log; in tests a misfit is thrown. */
function misfitLog({ config, logger }: GatewayParts): OnMisfit | undefined {
  if (config.issuer.developmentKeyFile === undefined) return undefined;
  return (request, misfit) => {
    logger.error({ request, ...misfit }, 'an answer does not fit gateway/openapi.yaml');
  };
}

/** Whom the pages' scripts ask besides this gateway: the OpenID provider, for its addresses and tokens. */
function signInOrigins({ issuer: { clientId, issuer } }: GatewayParts['config']): string[] {
  return clientId === undefined ? [] : [new URL(issuer).origin];
}
