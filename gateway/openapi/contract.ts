import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { type DocumentedAnswer, type DocumentedOperation, type OpenApiDocument } from './document.js';

const DOCUMENT = 'openapi';

/** What of a request the document speaks of. */
export interface RequestParts {
  /** As express has them: texts. */
  readonly query: unknown;
  readonly body: unknown;
}

/** Where something does not fit the document: a place and what was wanted, never what was found. */
export interface Misfit {
  readonly where: string;
  readonly wanted: string;
}

/** The OpenAPI document as a check of requests and answers. Schemas are compiled on first use. */
export class Contract {
  readonly #document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#ajv.addSchema(document, DOCUMENT);
  }

  /**
   * @param method such as `POST`. @param path pattern of the route, `/v1/evidence/:id`.
   * @returns the first misfit; `undefined` where the request fits
   */
  checkRequest(method: string, path: string, { query, body }: RequestParts): Misfit | undefined {
    const operation = this.#operation(method, path);
    if (operation === undefined) return { where: 'path', wanted: 'an operation of the OpenAPI document' };
    const inQuery = this.#check(`${method} ${path} query`, () => this.#querySchema(operation), query ?? {}, 'query');
    if (inQuery !== undefined || operation.requestBody === undefined) return inQuery;
    const schema = operation.requestBody.content['application/json']?.schema ?? {};
    return this.#check(`${method} ${path} body`, () => absolute(schema), body ?? {}, 'body');
  }

  /** @returns the first misfit of an answer in JSON; statuses of 400 and above are problems */
  checkAnswer(method: string, path: string, status: number, body: unknown): Misfit | undefined {
    const operation = this.#operation(method, path);
    const answer = status < 400 ? operation?.responses[String(status)] : this.#document.components.responses.Problem;
    if (answer === undefined) return { where: 'status', wanted: 'a status of the OpenAPI document' };
    const schema = schemaOf(answer);
    if (schema === undefined) return undefined; // Bytes of a format of their own: receipts, trust roots.
    const name = status < 400 ? `${method} ${path} ${status}` : 'problem';
    return this.#check(name, () => absolute(schema), JSON.parse(JSON.stringify(body)) as unknown, 'answer');
  }

  #operation(method: string, path: string): DocumentedOperation | undefined {
    return this.#document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  }

  #querySchema({ parameters = [] }: DocumentedOperation): object {
    const named = parameters.flatMap(
      ({ $ref }) => this.#document.components.parameters[$ref.split('/').at(-1) ?? ''] ?? [],
    );
    const query = named.filter((parameter) => parameter.in === 'query');
    return {
      type: 'object',
      properties: Object.fromEntries(query.map(({ name, schema }) => [name, absolute(schema)])),
      required: query.filter(({ required }) => required === true).map(({ name }) => name),
      additionalProperties: false,
    };
  }

  #check(name: string, schema: () => object, value: unknown, where: string): Misfit | undefined {
    const validate = this.#compiled.get(name) ?? this.#ajv.compile(schema());
    this.#compiled.set(name, validate);
    if (validate(value)) return undefined;
    const [first] = validate.errors ?? [];
    return { where: `${where}${first?.instancePath ?? ''}`, wanted: first?.message ?? 'what the document says' };
  }
}

function schemaOf({ content = {} }: DocumentedAnswer): object | undefined {
  return Object.entries(content).find(([type]) => type.endsWith('json'))?.[1].schema;
}

/** References inside the document count from its root. */
function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${DOCUMENT}#/`)) as object;
}
