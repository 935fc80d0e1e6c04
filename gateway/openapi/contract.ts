import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { type DocumentedAnswer, type DocumentedOperation, type OpenApiDocument } from './document.js';

const DOCUMENT = 'openapi';

const JSON_TYPE = 'application/json';
/** Where parameters stand. */
const PLACES = ['path', 'query', 'header'] as const;

/** What of a request the document speaks of, as express has it; what is absent is held to be empty. */
export interface RequestParts {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: unknown;
  /** Names in lower case. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
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
  checkRequest(method: string, path: string, { body, ...parts }: RequestParts): Misfit | undefined {
    const operation = this.#operation(method, path);
    if (operation === undefined) return { where: 'path', wanted: 'an operation of the OpenAPI document' };
    for (const place of PLACES) {
      const schema = () => this.#parametersIn(place, operation);
      const misfit = this.#check(`${method} ${path} ${place}`, schema, parts[place] ?? {}, place);
      if (misfit !== undefined) return misfit;
    }
    if (operation.requestBody === undefined || isOfOtherKind(operation.requestBody.content, parts.header))
      return undefined;
    const schema = operation.requestBody.content[JSON_TYPE]?.schema ?? {};
    return this.#check(`${method} ${path} body`, () => absolute(schema), body ?? {}, 'body');
  }

  /** @returns the first misfit of an answer in JSON; statuses of 400 and above are problems */
  checkAnswer(method: string, path: string, status: number, body: unknown): Misfit | undefined {
    const operation = this.#operation(method, path);
    const answer = status < 400 ? operation?.responses[String(status)] : this.#document.components.responses.Problem;
    if (answer === undefined) return { where: 'status', wanted: 'a status of the OpenAPI document' };
    const schema = schemaOf(this.#resolved(answer));
    if (schema === undefined) return undefined; // Bytes of a format of their own: receipts, trust roots.
    const name = status < 400 ? `${method} ${path} ${status}` : 'problem';
    return this.#check(name, () => absolute(schema), JSON.parse(JSON.stringify(body)) as unknown, 'answer');
  }

  #operation(method: string, path: string): DocumentedOperation | undefined {
    return this.#document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  }

  #resolved(answer: DocumentedAnswer): DocumentedAnswer {
    const name = answer.$ref?.split('/').at(-1) ?? '';
    return this.#document.components.responses[name] ?? answer;
  }

  /** Other headers than those that are declared come with every request; anything else that is undeclared is wrong. */
  #parametersIn(place: (typeof PLACES)[number], { parameters = [] }: DocumentedOperation): object {
    const named = parameters
      .flatMap(({ $ref }) => this.#document.components.parameters[$ref.split('/').at(-1) ?? ''] ?? [])
      .filter((parameter) => parameter.in === place)
      .map((parameter) => ({ ...parameter, name: place === 'header' ? parameter.name.toLowerCase() : parameter.name }));
    return {
      type: 'object',
      properties: Object.fromEntries(named.map(({ name, schema }) => [name, absolute(schema)])),
      required: named.filter(({ required }) => required === true).map(({ name }) => name),
      ...(place !== 'header' && { additionalProperties: false }),
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

/** Whether a body is of another media type that the document names: bytes, which their own reader judges. */
function isOfOtherKind(content: Readonly<Record<string, unknown>>, header: RequestParts['header']): boolean {
  const given = header?.['content-type'];
  const [type = ''] = typeof given === 'string' ? given.split(';') : [];
  return type !== JSON_TYPE && type in content;
}

function schemaOf({ content = {} }: DocumentedAnswer): object | undefined {
  return Object.entries(content).find(([type]) => type.endsWith('json'))?.[1].schema;
}

/** References inside the document count from its root. */
function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${DOCUMENT}#/`)) as object;
}
