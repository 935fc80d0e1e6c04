import { ERROR_WORDING } from '../../../domain/error-wording.js';
import { type ErrorCode, type ErrorDetails } from '../../../domain/errors.js';
import { type Wording } from '../../../domain/wording.js';

/** What can go wrong between page and gateway, besides the gateway's own refusals. */
const PAGE_WORDING = {
  GATEWAY_DOWN: {
    zh: '网关没有应答，这里的内容都还在。请检查网络，稍后再试',
    en: 'the gateway does not answer; nothing here is lost. Check the network and try again later',
  },
  REPLY_MALFORMED: {
    zh: '网关的应答无法理解，可能是网关与页面版本不同。请刷新页面后再试',
    en: "the gateway's answer was not understood; its version may differ. Reload the page and try again",
  },
  FILE_UNREADABLE: {
    zh: '文件读不出来：可能已被移动、改动或不许读取。请重新选择',
    en: 'the file cannot be read: moved, changed or forbidden since it was chosen. Choose it again',
  },
  CODE_READER_DOWN: {
    zh: '识别二维码的程序没有载入：网关没有应答，或浏览器不许运行。请稍后再试，或直接输入内容',
    en: 'the program that reads QR codes did not load: the gateway is away, or the browser forbids it. Try later, or type the text',
  },
  WINDOW_BLOCKED: {
    zh: '浏览器拦住了登录窗口。请允许本站打开窗口，再点一次',
    en: 'the browser blocked the sign-in window. Let this site open windows and click again',
  },
  SIGN_IN_CANCELLED: {
    zh: '登录已取消，没有人登录。需要时请重新打开登录窗口',
    en: 'the sign-in was cancelled and nobody is signed in. Open the window again when you need to',
  },
  PROVIDER_REFUSED: {
    zh: '身份认证服务拒绝了登录。请重试，仍不行请联系管理员',
    en: 'the identity service refused the sign-in. Try again, then ask your administrator',
  },
  PROVIDER_MISMATCH: {
    zh: '身份认证服务的应答与这次登录不符，未被采用。请重新登录，仍不行请联系管理员',
    en: "the identity service's answer is not of this sign-in and was not used. Sign in again, then ask your administrator",
  },
  PROVIDER_DOWN: {
    zh: '身份认证服务没有应答，或不许本站访问。请稍后再试，仍不行请联系管理员',
    en: 'the identity service does not answer, or does not let this site ask. Try later, then ask your administrator',
  },
  TOKEN_REFUSED: {
    zh: '身份认证服务已确认身份，但网关不接受它签发的令牌：受众、有效期不符，或本单位没有这个用户。请联系管理员',
    en: 'the identity service knows you, but the gateway does not take its token: another audience, expired, or no user of this organisation. Ask your administrator',
  },
} as const satisfies Record<string, Wording>;

/** A refusal of the gateway, or one of the page's own. */
export type ProblemCode = ErrorCode | keyof typeof PAGE_WORDING;

const WORDING: Readonly<Record<ProblemCode, Wording>> = { ...ERROR_WORDING, ...PAGE_WORDING };

/** What repeating the same request may mend, under the same key. */
const PASSING: readonly ProblemCode[] = [
  ...(['GATEWAY_DOWN', 'PROVIDER_DOWN', 'CODE_READER_DOWN'] as const),
  ...(['LEDGER_BUSY', 'LEDGER_CONFLICT', 'OUTCOME_UNKNOWN'] as const),
  ...(['ORDERERS_UNAVAILABLE', 'RATE_EXCEEDED', 'UNVERIFIABLE_NOW'] as const),
];

/** Why a request was not answered as hoped (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly details: ErrorDetails;

  /** @param details the problem's plain members; `requestId` is the gateway's name of the one HTTP request. */
  constructor(code: ProblemCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.details = details;
  }

  /** The sentence that people read. */
  get wording(): Wording {
    return WORDING[this.code];
  }

  /** Whether trying the same again may help. */
  get passes(): boolean {
    return PASSING.includes(this.code);
  }
}

/** Whether a code of a problem is one that this page has words for. */
export function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(WORDING, code);
}

/** Any error as a problem. A bug stays what it is. @throws whatever is no problem */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
