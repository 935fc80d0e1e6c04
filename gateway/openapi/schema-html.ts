import { type Wording } from '../../domain/wording.js';
import { type Schema } from './document.js';

type Words = Readonly<Record<string, Wording>>;
type Members = Readonly<Record<string, Schema>>;

/** A schema for readers: members in a table, words of a closed list with what they mean, links to other schemas. */
export function writeSchema(schema: Schema, words: Words = {}): string {
  const parts = [
    writeLink(schema),
    writeDescription(schema),
    writeShape(schema),
    writeEnum(schema, words),
    writeChoices('须同时符合 · all of', schema.allOf),
    writeChoices('之一 · one of', schema.oneOf ?? schema.anyOf),
    writeItems(schema),
    writeMembers(schema),
    writeExamples(schema),
  ];
  return parts.join('');
}

/** Text as HTML shows it. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function writeLink({ $ref }: Schema): string {
  if (typeof $ref !== 'string') return '';
  const name = escape($ref.split('/').at(-1) ?? '');
  return `<a href="#schema-${name}">${name}</a> `;
}

function writeDescription({ description }: Schema): string {
  return typeof description === 'string' ? `<span class="said">${escape(description)}</span>` : '';
}

/** What a single value looks like: type, limits, pattern, the one value that it may have. */
function writeShape({ type, pattern, ...limits }: Schema): string {
  const kind = [type].flat().filter((each) => each !== undefined && each !== 'object' && each !== 'array');
  const names = ['const', 'format', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'] as const;
  const told = names.flatMap((name) => (limits[name] === undefined ? [] : [`${name} ${JSON.stringify(limits[name])}`]));
  const texts = [...kind.map(String), ...told, ...(typeof pattern === 'string' ? [pattern] : [])];
  return texts.length === 0 ? '' : ` <span class="shape">${texts.map(code).join(' ')}</span>`;
}

function writeEnum(schema: Schema, words: Words): string {
  if (!Array.isArray(schema.enum)) return '';
  const rows = schema.enum.map((each) => {
    const word = String(each);
    const meaning = words[word];
    return meaning === undefined ? code(word) : `${code(word)} ${escape(`${meaning.zh} · ${meaning.en}`)}`;
  });
  const plain = rows.every((row) => row.endsWith('</code>'));
  return plain ? ` ${rows.join(' ')}` : `<ul class="words">${rows.map((row) => `<li>${row}</li>`).join('')}</ul>`;
}

function writeChoices(title: string, choices: unknown): string {
  if (!Array.isArray(choices)) return '';
  const rows = (choices as Schema[]).map((each) => `<li>${writeSchema(each)}</li>`);
  return `<div>${title}<ul>${rows.join('')}</ul></div>`;
}

function writeItems({ items }: Schema): string {
  return items === undefined ? '' : ` 数组 · list of ${writeSchema(items as Schema)}`;
}

function writeMembers({ properties, required = [], additionalProperties }: Schema): string {
  const rows = Object.entries((properties ?? {}) as Members).map(([name, member]) => {
    const must = (required as readonly string[]).includes(name) ? '<br>必有 · required' : '';
    return `<tr><th scope="row">${code(name)}${must}</th><td>${writeSchema(member)}</td></tr>`;
  });
  const others = typeof additionalProperties === 'object' ? (additionalProperties as Schema) : undefined;
  const any = others === undefined ? '' : `<p>其余成员 · other members: ${writeSchema(others)}</p>`;
  return `${rows.length === 0 ? '' : `<table class="members"><tbody>${rows.join('')}</tbody></table>`}${any}`;
}

function writeExamples({ examples }: Schema): string {
  if (!Array.isArray(examples)) return '';
  const texts = examples.map((each) => (typeof each === 'string' ? each : JSON.stringify(each, undefined, 2)));
  return `<div class="example">例 · example ${texts.map((text) => (text.includes('\n') ? `<pre>${escape(text)}</pre>` : code(text))).join(' ')}</div>`;
}

function code(text: string): string {
  return `<code>${escape(text)}</code>`;
}
