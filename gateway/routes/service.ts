import { type RequestHandler, Router } from 'express';

import { DomainError } from '../../domain/errors.js';
import { ONE_MACHINE_NOTICE } from '../../domain/wording.js';
import { getConsortium } from '../consortium.js';
import { type Health, type Network, type Ready } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { indexState } from './index-state.js';

/** Ordering services of real Fabric (orderer/common/server); every other name is a network of another kind. */
const FABRIC_CONSENSUS: readonly string[] = ['BFT', 'etcdraft'];

/** `/healthz` this process; `/readyz` whether it can serve; `/metrics`; `/v1/network` what stands behind it. */
export function serviceRoutes(parts: GatewayParts, publicly: readonly RequestHandler[]): Router {
  const { config, query, index, metrics, peers } = parts;
  return Router()
    .get('/healthz', (_request, response) => {
      response.json({ status: 'up', name: config.name } satisfies Health);
    })
    .get('/readyz', ...publicly, async (_request, response) => {
      response.json({ status: 'ready', name: config.name, ...(await checkReady(parts)) } satisfies Ready);
    })
    .get('/metrics', async (_request, response) => {
      response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    })
    .get('/v1/network', ...publicly, async (_request, response) => {
      const configuration = query.configuration();
      if (configuration === undefined) throw new DomainError('UNVERIFIABLE_NOW', { retryAfter: 2 });
      const embedded = !FABRIC_CONSENSUS.includes(configuration.consensus);
      response.json({
        channel: config.channel,
        chaincode: config.chaincode,
        organisation: config.mspId,
        ...configuration,
        kind: embedded ? 'embedded' : 'fabric',
        ...(embedded ? { notice: ONE_MACHINE_NOTICE } : {}),
        peers: await peers.look(),
        blocks: (index.tip()?.number ?? -1) + 1,
        index: indexState(parts),
      } satisfies Network);
    });
}

/** @throws UNVERIFIABLE_NOW where the peer, the index or the consortium is not there yet; `wanted` says which. */
async function checkReady({ follower, ledger, config }: GatewayParts): Promise<{ readonly lagBlocks: number }> {
  const lagBlocks = await follower.askLagBlocks();
  if (follower.fault !== undefined) throw notReady(`an index that fits the peer (${follower.fault.message})`);
  if (lagBlocks > config.limits.lagBlocks) throw notReady(`a lag of at most ${config.limits.lagBlocks} blocks`);
  const { configured } = await getConsortium(ledger, config.serviceUser);
  if (!configured) throw notReady('a configured consortium');
  return { lagBlocks };
}

function notReady(wanted: string): DomainError {
  return new DomainError('UNVERIFIABLE_NOW', { wanted, retryAfter: 1 });
}
