import { STATUS } from '../http/problems.js';
import { type DocumentedOperation, type DocumentedParameter, type OpenApiDocument, type Schema } from './document.js';
import { escape, writeSchema } from './schema-html.js';
import { SCHEMA_WORDS } from './words.js';

/** The style sheet of the reference: a file of its own, because the policy lets no inline style in. */
export const REFERENCE_STYLE = `:root { color-scheme: light dark; font-family: system-ui, "Noto Sans SC", sans-serif; line-height: 1.5 }
body { max-width: 64rem; margin: 0 auto; padding: 1rem }
code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
pre { padding: .75rem; overflow-x: auto; border: 1px solid; border-radius: .25rem; white-space: pre-wrap }
section { border-top: 1px solid; margin-top: 1.5rem }
table { border-collapse: collapse; width: 100%; margin: .25rem 0 }
th, td { text-align: start; font-weight: normal; padding: .25rem .5rem; border-bottom: 1px solid; vertical-align: top; overflow-wrap: anywhere }
.members th { width: 30% }
.words { margin: .25rem 0; padding-inline-start: 1.25rem }
.said + .shape, .example { display: block }
nav ul { columns: 20rem; padding-inline-start: 1.25rem }
@media (max-width: 40rem) { .members th, .members td { display: block; width: auto } .members th { border-bottom: 0 } }
`;

/** The document as one page for readers, Chinese first, without a script. */
export function writeReference(document: OpenApiDocument): string {
  const { info, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  operations.sort((a, b) => (a.path < b.path ? -1 : 1));
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)}</title>
<link rel="stylesheet" href="/docs/reference.css">
<main>
<h1>${escape(info.title)} ${escape(info.version)}</h1>
<p>${escape(info.summary)} · <a href="/docs/openapi.json">OpenAPI 3.1, JSON</a></p>
<nav aria-label="目录 · contents"><p><a href="#operations">接口 · Operations</a> · <a href="#refusals">拒绝代码 · Refusals</a> · <a href="#schemas">数据结构 · Schemas</a></p></nav>
<h2 id="operations">接口 · Operations</h2>
<ul>${operations.map((each) => `<li><a href="#${each.operation.operationId}"><code>${each.method} ${escape(each.path)}</code></a> ${escape(each.operation.summary)}</li>`).join('\n')}</ul>
${operations.map((each) => writeOperation(each, components.parameters)).join('\n')}
<h2 id="refusals">拒绝代码 · Refusals</h2>
${writeRefusals()}
<h2 id="schemas">数据结构 · Schemas</h2>
${Object.entries(components.schemas)
  .map(
    ([name, schema]) =>
      `<section id="schema-${name}"><h3>${name}</h3>${writeSchema(schema, SCHEMA_WORDS[name])}</section>`,
  )
  .join('\n')}
</main>
</html>
`;
}

/** Every code with its status and what people read. */
function writeRefusals(): string {
  const rows = Object.entries(STATUS).map(([code, status]) => {
    const { zh = '', en = '' } = SCHEMA_WORDS.ErrorCode?.[code] ?? {};
    return `<tr><th scope="row"><code>${code}</code> ${status}</th><td>${escape(zh)}<br>${escape(en)}</td></tr>`;
  });
  return `<table class="members"><tbody>${rows.join('')}</tbody></table>`;
}

/** What every operation may be answered with besides; told once. */
const NAMED_ANSWERS =
  '拒绝或故障 · a refusal or a fault: <a href="#refusals">代码 · codes</a>, <a href="#schema-Problem">Problem</a>';

interface Placed {
  readonly path: string;
  readonly method: string;
  readonly operation: DocumentedOperation;
}

function writeOperation(
  { path, method, operation }: Placed,
  known: Readonly<Record<string, DocumentedParameter>>,
): string {
  const { operationId, summary, security, parameters = [], requestBody, responses } = operation;
  const named = parameters.flatMap(({ $ref }) => known[$ref.split('/').at(-1) ?? ''] ?? []);
  const rows = named.map(
    ({ name, in: place, required = false, schema, description = '' }) =>
      `<tr><th scope="row"><code>${escape(name)}</code><br>${place}${required ? '，必填 · required' : ''}</th><td>${escape(description)} ${writeSchema(schema)}</td></tr>`,
  );
  const table =
    rows.length === 0 ? '' : `<p>参数 · Parameters</p><table class="members"><tbody>${rows.join('')}</tbody></table>`;
  const answers = Object.entries(responses).map(
    ([status, answer]) =>
      `<li><code>${status}</code> ${answer.$ref === undefined ? `${escape(answer.description ?? '')}${writeContent(answer)}` : NAMED_ANSWERS}</li>`,
  );
  return `<section id="${operationId}"><h3><code>${method} ${escape(path)}</code></h3>
<p>${escape(summary)}${security?.length === 0 ? '（无需登录 · no sign-in）' : ''}</p>
${table}${requestBody === undefined ? '' : `<p>请求体 · Body</p>${writeContent(requestBody)}`}
<p>答复 · Answers</p><ul>${answers.join('')}</ul></section>`;
}

function writeContent({
  content = {},
}: {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}): string {
  return Object.entries(content)
    .map(([type, { schema }]) => ` <code>${escape(type)}</code> ${schema === undefined ? '' : writeSchema(schema)}`)
    .join('');
}
