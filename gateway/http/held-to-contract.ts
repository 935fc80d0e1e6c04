import { AsyncLocalStorage } from 'node:async_hooks';

import { type Request, type RequestHandler } from 'express';

import { DomainError } from '../../domain/errors.js';
import { type Ledger } from '../ledger/port.js';
import { type JobDesk } from '../outbox/outbox.js';
import { type Contract, type Misfit } from '../openapi/contract.js';

/** Why the request that is handled does not fit the OpenAPI document. */
const unfit = new AsyncLocalStorage<Misfit | undefined>();

/** Hears of an answer that does not fit the OpenAPI document: a bug of ours. */
export type OnMisfit = (request: string, misfit: Misfit) => void;

/**
 * Holds requests and answers to the OpenAPI document. The domain's parsers speak first, because their refusals have
 * codes that callers know; but nothing that does not fit comes to the ledger ({@link guardLedger}), and none is answered
 * with a success. @param onMisfit where answers are checked too.
 */
export function holdToContract(contract: Contract, onMisfit: OnMisfit | undefined): RequestHandler {
  return (request, response, next) => {
    const { method } = request;
    const path = patternOf(request);
    const misfit = contract.checkRequest(method === 'HEAD' ? 'GET' : method, path, {
      path: request.params,
      query: request.query,
      header: request.headers,
      body: request.body as unknown,
    });
    const json = response.json.bind(response);
    response.json = (body: unknown) => {
      if (response.statusCode < 400 && misfit !== undefined) throw refused(misfit);
      const fault = onMisfit && contract.checkAnswer(method, path, response.statusCode, body);
      if (fault !== undefined) onMisfit?.(`${method} ${path}`, fault);
      return json(body);
    };
    unfit.run(misfit, next);
  };
}

/** The outbox, which takes nothing that does not fit the OpenAPI document. @throws REQUEST_MALFORMED */
export function guardOutbox(outbox: JobDesk): JobDesk {
  return { accept: (wanted) => guard(() => outbox.accept(wanted)), find: (id, user) => outbox.find(id, user) };
}

/** The ledger, which nothing reaches that does not fit the OpenAPI document. @throws REQUEST_MALFORMED */
export function guardLedger(ledger: Ledger): Ledger {
  return {
    evaluate: (call) => guard(() => ledger.evaluate(call)),
    submit: (call) => guard(() => ledger.submit(call)),
  };
}

function guard<Value>(call: () => Promise<Value>): Promise<Value> {
  const misfit = unfit.getStore();
  return misfit === undefined ? call() : Promise.reject(refused(misfit));
}

function patternOf(request: Request): string {
  return (request.route as { readonly path: string }).path;
}

function refused({ where, wanted }: Misfit): DomainError {
  return new DomainError('REQUEST_MALFORMED', { where, wanted });
}
