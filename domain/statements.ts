import { type DigestHex, parseSaltedDigest } from './digests.js';
import { optional, readFields, readWordOr } from './fields.js';

/**
 * 上链前真实性说明: what 人民法院在线诉讼规则 article 18 asks about evidence before it was recorded. Six lines, each a word
 * of a closed list, so that nobody can write personal data into them; `undeclared` is shown as 未说明.
 * A longer text stays with the declarant; its salted SHA-256 may stand here as `detailDigest`.
 */
export const STATEMENT_WORDS = {
  /** 数据来源 */
  source: ['self-made', 'own-system', 'party', 'third-party-platform', 'public-web', 'undeclared'],
  /** 生成机制 */
  generation: ['automatic', 'manual', 'mixed', 'undeclared'],
  /** 存储过程 */
  storage: ['original-medium', 'verified-copy', 'unverified-copy', 'undeclared'],
  /** 是否经公证 */
  notarised: ['yes', 'no', 'undeclared'],
  /** 是否由第三方见证 */
  thirdPartyWitness: ['yes', 'no', 'undeclared'],
  /** 关联印证数据 */
  corroboration: ['yes', 'no', 'undeclared'],
} as const;

/** The name of one of the six lines. */
export type StatementName = keyof typeof STATEMENT_WORDS;

/** The six lines in the order the law lists them. */
export const STATEMENT_NAMES = Object.keys(STATEMENT_WORDS) as readonly StatementName[];

/** One word a line; a line that was left out reads `undeclared`. */
export type Statements = { readonly [name in StatementName]: (typeof STATEMENT_WORDS)[name][number] } & {
  readonly detailDigest?: DigestHex;
};

/** @param value object with any of the six lines; absent means nothing declared. @throws REQUEST_MALFORMED, DIGEST_MALFORMED */
export function parseStatements(value: unknown): Statements {
  const fields = readFields(value ?? {}, [...STATEMENT_NAMES, 'detailDigest'], 'statements');
  const word = <Name extends StatementName>(name: Name): Statements[Name] =>
    readWordOr<Statements[Name]>(
      fields[name],
      STATEMENT_WORDS[name] as readonly Statements[Name][],
      `statements.${name}`,
      'undeclared',
    );
  return {
    source: word('source'),
    generation: word('generation'),
    storage: word('storage'),
    notarised: word('notarised'),
    thirdPartyWitness: word('thirdPartyWitness'),
    corroboration: word('corroboration'),
    ...optional('detailDigest', fields.detailDigest === undefined ? undefined : parseSaltedDigest(fields.detailDigest)),
  };
}
