import { common, type msp } from '@hyperledger/fabric-protos';
import { MspError } from './errors.js';
import { encodeRolePrincipal, isPolicyRole } from './principal.js';

const textCharactersMax = 8_192;
const nestingMax = 32;
const gateNames = ['And', 'Or', 'OutOf'] as const;

interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'mark';
  readonly text: string;
}

/** One gate as written: how many of its parts are wanted, and the parts: principals as text, or gates. */
interface WrittenGate {
  readonly wanted: number;
  readonly parts: readonly (WrittenGate | string)[];
}

/**
 * Translates a policy's textual form, such as `OutOf(2,'AMSP.peer',OR('BMSP.member','CMSP.admin'))`, into the bytes
 * of `common.SignaturePolicyEnvelope`, byte for byte as Fabric does: a principal named twice is listed twice.
 * @param text gates And, Or and OutOf (also all lower or upper case) over `'<MSP id>.<role>'`; 8,192 characters at most.
 * @throws MspError POLICY_MALFORMED, saying what was wanted
 * Source: Fabric common/policydsl/policyparser.go, FromString.
 */
export function parsePolicyText(text: string): Uint8Array {
  if (text.length > textCharactersMax) throw new MspError('POLICY_MALFORMED', 'policy text over 8,192 characters');
  const principals: msp.MSPPrincipal[] = [];
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(encodeGate(new PolicyReader(text).read(), principals));
  envelope.setIdentitiesList(principals);
  return envelope.serializeBinary();
}

/** Recursive descent over the tokens of one policy text. */
class PolicyReader {
  readonly #text: string;
  /** Still to be read, next one last. */
  readonly #tokens: Token[];

  constructor(text: string) {
    this.#text = text;
    this.#tokens = [...readTokens(text)].reverse();
  }

  read(): WrittenGate {
    const gate = this.#gate(0);
    if (this.#tokens.length > 0) this.#refuse('nothing after the outermost gate');
    return gate;
  }

  #gate(depth: number): WrittenGate {
    if (depth > nestingMax) this.#refuse(`at most ${nestingMax} gates inside each other`);
    const name = this.#gateName();
    this.#mark('(');
    const threshold = name === 'OutOf' ? this.#threshold() : undefined;
    const parts: (WrittenGate | string)[] = [];
    do parts.push(this.#tokens.at(-1)?.kind === 'string' ? this.#principal() : this.#gate(depth + 1));
    while (this.#skip(','));
    this.#mark(')');
    const wanted = threshold ?? (name === 'And' ? parts.length : 1);
    // One more than there are parts is allowed, as in Fabric: it says "nobody, ever".
    if (wanted > parts.length + 1) this.#refuse(`a threshold of at most ${parts.length + 1}`);
    return { wanted, parts };
  }

  #gateName(): (typeof gateNames)[number] {
    const word = this.#take('word', 'a gate: And, Or or OutOf');
    const name = gateNames.find((gate) => [gate, gate.toLowerCase(), gate.toUpperCase()].includes(word));
    return name ?? this.#refuse('a gate: And, Or or OutOf');
  }

  #threshold(): number {
    const { kind, text } = this.#tokens.pop() ?? { kind: 'mark', text: '' };
    if ((kind !== 'number' && kind !== 'string') || !/^\d{1,4}$/.test(text)) this.#refuse('a threshold');
    this.#mark(',');
    return Number(text);
  }

  #principal(): string {
    const principal = this.#take('string', 'a principal');
    if (!isPolicyRole(splitPrincipal(principal).role)) {
      this.#refuse(`'<MSP id>.<role>' instead of '${principal}', the role one of member, admin, client, peer, orderer`);
    }
    return principal;
  }

  #take(kind: Token['kind'], wanted: string): string {
    const token = this.#tokens.pop();
    return token?.kind === kind ? token.text : this.#refuse(wanted);
  }

  #mark(text: string): void {
    if (!this.#skip(text)) this.#refuse(`'${text}'`);
  }

  #skip(text: string): boolean {
    const token = this.#tokens.at(-1);
    if (token?.kind !== 'mark' || token.text !== text) return false;
    this.#tokens.pop();
    return true;
  }

  #refuse(wanted: string): never {
    throw new MspError('POLICY_MALFORMED', `wanted ${wanted} in policy ${JSON.stringify(this.#text)}`);
  }
}

function* readTokens(text: string): Generator<Token> {
  const pattern = /\s*(?:([A-Za-z]+)|(\d+)|'([^']*)'|"([^"]*)"|([(),]))\s*/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new MspError('POLICY_MALFORMED', `character ${at} of policy ${JSON.stringify(text)}`);
    const [, word, number, single, double, mark] = match;
    if (word !== undefined) yield { kind: 'word', text: word };
    else if (number !== undefined) yield { kind: 'number', text: number };
    else if (mark !== undefined) yield { kind: 'mark', text: mark };
    else yield { kind: 'string', text: single ?? double ?? '' };
  }
}

function splitPrincipal(principal: string): { readonly mspId: string; readonly role: string | undefined } {
  const [, mspId, role] = /^([A-Za-z0-9.-]+)\.([a-z]+)$/.exec(principal) ?? [];
  return { mspId: mspId ?? '', role };
}

/** Numbers inner gates' principals before the outer gate's own, because Fabric evaluates arguments first. */
function encodeGate({ wanted, parts }: WrittenGate, principals: msp.MSPPrincipal[]): common.SignaturePolicy {
  const inner = parts.map((part) => (typeof part === 'string' ? part : encodeGate(part, principals)));
  const body = new common.SignaturePolicy.NOutOf();
  body.setN(wanted);
  body.setRulesList(inner.map((part) => (typeof part === 'string' ? encodeSignedBy(part, principals) : part)));
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(body);
  return rule;
}

function encodeSignedBy(principal: string, principals: msp.MSPPrincipal[]): common.SignaturePolicy {
  const { mspId, role } = splitPrincipal(principal);
  const rule = new common.SignaturePolicy();
  rule.setSignedBy(principals.length);
  if (isPolicyRole(role)) principals.push(encodeRolePrincipal(mspId, role));
  return rule;
}
