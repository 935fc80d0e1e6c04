import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, Router } from 'express';

import {
  addAffiliation,
  listAffiliations,
  removeAffiliation,
  renameAffiliation,
  showAffiliation,
} from './affiliations.js';
import { authenticateBySecret, authenticateByToken } from './authenticate.js';
import { CaError, caCodes } from './ca-error.js';
import { describeAuthority, type Desk, type KnownCaller } from './desk.js';
import { enroll } from './enroll.js';
import { list, modify, register, remove, show, viewOf } from './identities.js';
import { bodies, readBody } from './requests.js';
import { generateList, listCertificates, revoke } from './revocation.js';

const bodyBytesMax = 65_536;

/**
 * Fabric CA's REST protocol, version 1.5, over one organisation's authority: cainfo, enroll, reenroll, register,
 * revoke, gencrl, identities, affiliations, certificates. Source: Fabric CA lib/server*.go.
 * @param onBug told of what no client is told of
 */
export function createCaApp(desk: Desk, onBug: (error: unknown) => void): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.raw({ type: () => true, limit: bodyBytesMax }));
  const operations = [checkAddressee(desk), enrollment(desk), identities(desk), affiliations(desk), revocation(desk)];
  app.use('/api/v1', ...operations);
  app.use(...operations); // Fabric CA's own command-line client leaves the prefix out.
  app.use((request) => {
    throw new CaError(404, 'unknown', `no operation ${request.method} ${request.path}`);
  });
  app.use(problems(onBug));
  return app;
}

/** What an operation is given, and what it answers with. */
type Operation = (call: {
  readonly known: KnownCaller;
  readonly body: Buffer;
  readonly request: Request;
  readonly force: boolean;
}) => object | Promise<object>;

/** An operation whose sender signs it. @param status HTTP's, where it succeeds */
function signed(desk: Desk, operation: Operation, status = 200): RequestHandler {
  return async (request, response) => {
    const body = bodyOf(request);
    const { method, originalUrl: uri, headers } = request;
    const known = authenticateByToken(desk, { method, uri, body, authorization: headers.authorization });
    const force = request.query.force === 'true';
    response.status(status).json(success(await operation({ known, body, request, force })));
  };
}

function enrollment(desk: Desk): Router {
  const describe: RequestHandler = (_request, response) => {
    response.json(success(describeAuthority(desk.name, desk.authority.material)));
  };
  return Router()
    .get('/cainfo', describe)
    .post('/cainfo', describe)
    .post('/enroll', async (request, response) => {
      const identity = authenticateBySecret(desk, request.headers.authorization);
      const answer = await enroll(desk, identity, readBody(bodies.enrollment, bodyOf(request)));
      desk.registry.keep({ ...identity, state: identity.state + 1, failed: 0 });
      response.status(201).json(success(answer));
    })
    .post(
      '/reenroll',
      signed(desk, ({ known, body }) => enroll(desk, known.caller, readBody(bodies.enrollment, body)), 201),
    )
    .post(
      '/register',
      signed(
        desk,
        ({ known, body }) => ({ secret: register(desk, known.caller, readBody(bodies.registration, body)).secret }),
        201,
      ),
    );
}

function identities(desk: Desk): Router {
  const caname = desk.name;
  const named = Router()
    .get(
      '/:id',
      signed(desk, ({ known, request }) => ({ ...show(desk, known.caller, nameIn(request)), caname })),
    )
    .put(
      '/:id',
      signed(desk, ({ known, request, body }) => {
        const wanted = readBody(bodies.registration, body);
        return { ...modify(desk, known.caller, nameIn(request), wanted), caname };
      }),
    )
    .delete(
      '/:id',
      signed(desk, ({ known, request, force }) => ({ ...remove(desk, known.caller, nameIn(request), force), caname })),
    );
  return Router()
    .get(
      '/identities',
      signed(desk, ({ known }) => ({ identities: list(desk, known.caller), caname })),
    )
    .post(
      '/identities',
      signed(
        desk,
        ({ known, body }) => {
          const { identity, secret } = register(desk, known.caller, readBody(bodies.registration, body));
          return { ...viewOf(identity), secret, caname };
        },
        201,
      ),
    )
    .use('/identities', named);
}

function affiliations(desk: Desk): Router {
  const caname = desk.name;
  const named = Router()
    .get(
      '/:id',
      signed(desk, ({ known, request }) => ({ ...showAffiliation(desk, known.caller, nameIn(request)), caname })),
    )
    .put(
      '/:id',
      signed(desk, ({ known, request, body, force }) => {
        const { name: to } = readBody(bodies.affiliation, body);
        return { ...renameAffiliation(desk, known.caller, { from: nameIn(request), to, force }), caname };
      }),
    )
    .delete(
      '/:id',
      signed(desk, ({ known, request, force }) => ({
        ...removeAffiliation(desk, known.caller, nameIn(request), force),
        caname,
      })),
    );
  return Router()
    .get(
      '/affiliations',
      signed(desk, ({ known }) => ({ ...listAffiliations(desk, known.caller), caname })),
    )
    .post(
      '/affiliations',
      signed(
        desk,
        ({ known, body, force }) => {
          const { name } = readBody(bodies.affiliation, body);
          return { ...addAffiliation(desk, known.caller, name, force), caname };
        },
        201,
      ),
    )
    .use('/affiliations', named);
}

function revocation(desk: Desk): Router {
  return Router()
    .post(
      '/revoke',
      signed(desk, ({ known, body }) => revoke(desk, known, readBody(bodies.revocation, body))),
    )
    .post(
      '/gencrl',
      signed(desk, ({ known, body }) => generateList(desk, known.caller, readBody(bodies.listing, body))),
    )
    .get(
      '/certificates',
      signed(desk, ({ known, request }) => ({
        certs: listCertificates(desk, known.caller, new URL(request.originalUrl, 'https://localhost').searchParams),
        caname: desk.name,
      })),
    );
}

/** One authority answers here; a client that names another is told so. */
function checkAddressee({ name }: Desk): RequestHandler {
  return (request, _response, next) => {
    const wanted = [request.query.ca, nameInBody(bodyOf(request))].filter((each) => each !== undefined && each !== '');
    if (wanted.some((each) => each !== name)) throw new CaError(404, 'caNotFound', 'CA does not exist');
    next();
  };
}

function nameInBody(body: Buffer): unknown {
  try {
    return (JSON.parse(body.toString()) as { caname?: unknown } | null)?.caname;
  } catch {
    return undefined; // The operation itself refuses a body that is no JSON.
  }
}

function bodyOf(request: Request): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function nameIn(request: Request): string {
  const { id } = request.params;
  return typeof id === 'string' ? id : '';
}

function success(result: object): object {
  return { result, errors: [], messages: [], success: true };
}

function problems(onBug: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const refusal = error instanceof CaError ? error : clientError(error);
    if (refusal === undefined) onBug(error);
    const { status = 500, code = caCodes.unknown, message = 'internal error' } = refusal ?? {};
    response.status(status).json({ result: '', errors: [{ code, message }], messages: [], success: false });
  };
}

/** What express itself refuses: a body that is too large, a path that nobody can decode. */
function clientError(error: unknown): CaError | undefined {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500
    ? new CaError(status, 'badBody', 'Invalid request')
    : undefined;
}
