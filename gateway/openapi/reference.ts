import { type DocumentedOperation, type DocumentedParameter, type OpenApiDocument, type Schema } from './document.js';

/** The style sheet of the reference: a file of its own, because the policy lets no inline style in. */
export const REFERENCE_STYLE = `:root { color-scheme: light dark; font-family: system-ui, "Noto Sans SC", sans-serif; line-height: 1.5 }
body { max-width: 64rem; margin: 0 auto; padding: 1rem }
code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
pre { padding: .75rem; overflow-x: auto; border: 1px solid; border-radius: .25rem; white-space: pre-wrap }
section { border-top: 1px solid; margin-top: 1.5rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; padding: .25rem .5rem; border-bottom: 1px solid; vertical-align: top }
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
<h2>接口 · Operations</h2>
<ul>${operations.map((each) => `<li><a href="#${each.operation.operationId}"><code>${each.method} ${escape(each.path)}</code></a> ${escape(each.operation.summary)}</li>`).join('\n')}</ul>
${operations.map((each) => writeOperation(each, components.parameters)).join('\n')}
<h2>数据结构 · Schemas</h2>
${Object.entries(components.schemas)
  .map(([name, schema]) => `<section id="schema-${name}"><h3>${name}</h3>${writeSchema(schema)}</section>`)
  .join('\n')}
</main>
</html>
`;
}

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
      `<tr><td><code>${escape(name)}</code></td><td>${place}${required ? '，必填 required' : ''}</td><td>${escape(description)}${writeSchema(schema)}</td></tr>`,
  );
  const table =
    rows.length === 0 ? '' : `<table><tr><th>参数 Parameter</th><th>位置 In</th><th></th></tr>${rows.join('')}</table>`;
  const answers = Object.entries(responses).map(
    ([status, answer]) => `<li><code>${status}</code> ${escape(answer.description ?? '')}${writeContent(answer)}</li>`,
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
    .map(([type, { schema }]) => ` <code>${escape(type)}</code>${schema === undefined ? '' : writeSchema(schema)}`)
    .join('');
}

/** JSON with links where it refers to another schema. */
function writeSchema(schema: Schema): string {
  const text = escape(JSON.stringify(schema, undefined, 2));
  const linked = text.replaceAll(
    /&quot;#\/components\/(?:schemas|responses)\/(\w+)&quot;/g,
    '<a href="#schema-$1">$1</a>',
  );
  return `<pre>${linked}</pre>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
