import { type Answers, type Bodies, type Paths } from './types.js';

/** Name of an operation: `operationId` of gateway/openapi.yaml. */
export type OperationId = keyof Paths;

/** Any answer in JSON that the document describes; a type written by hand beside it is none, nor is a receipt's view. */
export type AnyAnswer = Answers[Exclude<keyof Answers, 'getReceipt' | 'attestNow'>];

/** An operation's path with something in each of its places: `/v1/evidence/${string}`. */
export type PathOf<Id extends OperationId> = Filled<Paths[Id]>;

/** What is sent as JSON, with where it goes: one operation's body fits its path alone, and has one kind of answer. */
export type Sent<Answer = unknown> = {
  readonly [Id in keyof Bodies]: OfOperation<Id, Answer>;
}[keyof Bodies];

type OfOperation<Id extends keyof Bodies, Answer> = Id extends keyof Answers
  ? Answers[Id] extends Answer
    ? { readonly path: PathOf<Id>; readonly body: Bodies[Id] }
    : never
  : never;

type Filled<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${Filled<After>}`
  : Path;
