import { type Batch } from '../../domain/batch.js';
import { type Evidence } from '../../domain/evidence.js';
import { fromUtf8 } from '../bytes.js';

/** Kinds of records under which something was declared; of a batch it holds for every file. */
const DECLARING: readonly string[] = ['evidence/1', 'batch/1'] satisfies (Evidence | Batch)['schema'][];

/**
 * What was declared with a record. @param enclosed its bytes out of a receipt, of which the step `record` said that
 * organisations signed their hash: the contract wrote them. @returns `undefined` for other kinds of records.
 */
export function readEnclosed(enclosed: Uint8Array | undefined): Evidence | Batch | undefined {
  const text = enclosed && fromUtf8(enclosed);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Evidence | Batch;
    return DECLARING.includes(value.schema) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
