import { type OpenApiDocument, type Schema } from '../../../../gateway/openapi/document.js';

/** Parts of other schemas, which close what they are part of; and what is open on purpose. */
const OPEN = [
  ...['Declaration', 'ItemFields', 'TransferOffer', 'ConsortiumFacts', 'Placed', 'WithReceipt'],
  'ReceiptInJson',
];

/**
 * Where the document says of an object neither all of its members nor of what kind the others are; references are not
 * followed, because what they name is looked at by itself. @returns places, `/components/schemas/Evidence`
 */
export function openObjects({ paths, components }: OpenApiDocument): string[] {
  const { schemas } = components;
  const closed = Object.fromEntries(Object.entries(schemas).filter(([name]) => !OPEN.includes(name)));
  return [...placesIn({ paths }, ''), ...placesIn(closed, '')];
}

function placesIn(value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = isOpen(value as Schema) ? [place] : [];
  const members = Object.entries(value).filter(([name]) => name !== 'examples');
  return [...own, ...members.flatMap(([name, member]) => placesIn(member, `${place}/${name}`))];
}

function isOpen(schema: Schema): boolean {
  if ('allOf' in schema) return schema.unevaluatedProperties !== false;
  if (schema.type !== 'object') return false;
  const { additionalProperties: others = schema.unevaluatedProperties } = schema;
  return others !== false && (typeof others !== 'object' || Object.keys(others as object).length === 0);
}
