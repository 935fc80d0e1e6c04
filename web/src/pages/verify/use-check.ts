import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { dayAt, endOfDayMs } from '../../../../domain/calendar.js';
import { type EvidenceId, type TxId } from '../../../../domain/ids.js';
import { type FileDigests } from '../../../../proof/verify/file.js';
import { type TransactionAnswer, type Verification } from '../../../../gateway/openapi/types.js';
import { type Judged, type KnownTrust } from '../../trust/verifier.js';
import { type Asked } from './asked.js';
import { askLedger, askReceipt, askTransaction, type ReceiptSubject, subjectOf } from './ledger.js';

/** One of the things that happen: asking the ledger, having an answer signed, judging it. */
export interface Part<Value> {
  readonly value: Value | undefined;
  readonly running: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
  /** When the value came, Unix milliseconds; 0 before. */
  readonly atMs: number;
}

/** Everything that a check comes to. */
export interface Check {
  /** Whether enough is given to ask. */
  readonly asked: boolean;
  readonly transaction: Part<TransactionAnswer>;
  readonly ledger: Part<Verification>;
  readonly judged: Part<Judged>;
  /** The receipt that was judged: the one given, or the one that the gateway had signed for this question. */
  readonly receipt: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * The check of what is asked. A receipt is judged here and nobody is asked; a file or a number without one has
 * organisations sign an answer about now, and that answer is judged just the same, so the gateway is not believed. A
 * transaction leads to a record, and nothing more is asked before it did.
 */
export function useCheck(asked: Asked, trust: KnownTrust | undefined): Check {
  const transaction = useTransaction(asked.transaction);
  const { digests, hasDigests, id, online, complete } = questionOf(asked, transaction.value);
  const ledger = useLedger(digests, id, hasDigests && online);
  const subject = subjectOf(ledger.value, digests, id);
  const known = !hasDigests || hasEnded(ledger);
  const signed = useSigned(known && online ? subject : undefined);
  const receipt = asked.receipt?.bytes ?? signed.value;
  const judged = useJudged(receipt, trust, { digests, asOfMs: asOfMsOf(asked) });
  const running = [ledger, signed, judged].some((part) => part.running);
  const { error, retry } = signed.error === null ? judged : signed;
  return {
    asked: complete,
    transaction,
    ledger,
    judged: { ...judged, running, error, retry },
    receipt,
  };
}

/** What goes to the ledger. A transaction stands for the record that it led to; before it did, nothing is asked. */
function questionOf(asked: Asked, led: TransactionAnswer | undefined) {
  const { receipt, transaction } = asked;
  const digests = digestsOf(asked);
  const hasDigests = Object.keys(digests).length > 0;
  const id = asked.id ?? (led?.found === true ? (led.evidenceId as EvidenceId | undefined) : undefined);
  const isLed = transaction === undefined || id !== undefined;
  const complete = receipt !== undefined || id !== undefined || (hasDigests && isLed);
  return { digests, hasDigests, id, online: isOnline(asked) && isLed, complete };
}

function hasEnded({ value, error }: Part<unknown>): boolean {
  return value !== undefined || error !== null;
}

/** Whether anybody is asked: not about a receipt, and not before the file's digests are there. */
function isOnline({ receipt, file }: Asked): boolean {
  return receipt === undefined && (file === undefined || file.digests !== undefined);
}

function digestsOf({ file, digest }: Asked): FileDigests {
  if (file !== undefined) return file.digests ?? {};
  return digest === undefined ? {} : { [digest.algorithm]: digest.digest };
}

function useTransaction(txId: TxId | undefined): Part<TransactionAnswer> {
  const enabled = txId !== undefined;
  const query = useQuery({
    queryKey: ['transaction', txId],
    queryFn: () => askTransaction(txId as TxId), // Not called while there is none.
    enabled,
    gcTime: 0,
  });
  return partOf(query, enabled);
}

function useLedger(digests: FileDigests, id: Asked['id'], enabled: boolean): Part<Verification> {
  const query = useQuery({
    queryKey: ['verify', digests, id],
    queryFn: () => askLedger(digests, id),
    enabled,
    gcTime: 0,
  });
  return partOf(query, enabled);
}

function useSigned(subject: ReceiptSubject | undefined): Part<Uint8Array<ArrayBuffer>> {
  const query = useQuery({
    queryKey: ['receipt', subject],
    queryFn: () => askReceipt(subject as ReceiptSubject), // Not called while there is no subject.
    enabled: subject !== undefined,
    gcTime: 0,
  });
  return partOf(query, subject !== undefined);
}

function useJudged(
  receipt: Uint8Array<ArrayBuffer> | undefined,
  trust: KnownTrust | undefined,
  { digests, asOfMs }: { readonly digests: FileDigests; readonly asOfMs: number | undefined },
): Part<Judged> {
  const enabled = receipt !== undefined && trust !== undefined;
  const query = useQuery({
    queryKey: ['judged', numberOf(receipt), trust?.fingerprints, digests, asOfMs],
    queryFn: async () => {
      if (!enabled) throw new Error('there is nothing to judge');
      const { judgeReceipt } = await import('../../trust/verifier.js');
      const question = Object.keys(digests).length > 0 ? { file: digests } : {};
      return judgeReceipt(receipt, trust, { ...question, ...(asOfMs !== undefined && { asOfMs }) });
    },
    enabled,
    gcTime: 0,
  });
  return partOf(query, enabled);
}

function partOf<Value>(query: UseQueryResult<Value>, enabled: boolean): Part<Value> {
  const retry = (): void => void query.refetch();
  if (!enabled) return { value: undefined, running: false, error: null, retry, atMs: 0 };
  return { value: query.data, running: query.isFetching, error: query.error, retry, atMs: query.dataUpdatedAt };
}

/** The end of the day asked for, in China; today means now, which needs no date. */
function asOfMsOf({ asOf }: Asked): number | undefined {
  return asOf === undefined || asOf >= dayAt(Date.now()) ? undefined : endOfDayMs(asOf);
}

const numbers = new WeakMap<object, number>();
let count = 0;

/** A number for each receipt in memory, because bytes are too long to be a key. */
function numberOf(bytes: object | undefined): number {
  if (bytes === undefined) return 0;
  const known = numbers.get(bytes);
  if (known !== undefined) return known;
  count += 1;
  numbers.set(bytes, count);
  return count;
}
