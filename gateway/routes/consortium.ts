import { type RequestHandler, Router } from 'express';

import { parseConfigureRequest } from '../../domain/consortium.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { configureConsortium, getConsortium } from '../consortium.js';
import { type Answers } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';

/**
 * `/v1/consortium`: the organisations that the contracts accept. Joining the channel makes no member; an administrator
 * sets the list, and a majority of the present members' peers must endorse that.
 */
export function consortiumRoutes(
  { ledger, config }: GatewayParts,
  admit: (operation: Operation) => RequestHandler[],
  publicly: readonly RequestHandler[],
): Router {
  return Router()
    .get('/v1/consortium', ...publicly, async (_request, response) => {
      const consortium = await getConsortium(ledger, config.serviceUser);
      response.json({ ...consortium, titles: config.titles } satisfies Answers['getConsortium']);
    })
    .post('/v1/consortium', ...admit('consortium:configure'), async (request, response) => {
      const wanted = parseConfigureRequest(request.body);
      const stored = await configureConsortium(ledger, callerOf(request).user, wanted);
      const { value: consortium, txId, blockNumber, fresh } = stored;
      const place = { txId, blockNumber, code: 'VALID', channel: config.channel } as const;
      response.status(fresh ? 201 : 200).json({ consortium, ...place } satisfies Answers['configureConsortium']);
    });
}
