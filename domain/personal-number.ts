const RESIDENT = /^\d{6}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]$/;
const RESIDENT_15 = /^\d{6}\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}$/;
const MOBILE = /^1[3-9]\d{9}$/;
const LENGTH = 18;

/** 公民身份号码: region, birthday, serial and a check character after ISO 7064, MOD 11-2. Source: GB 11643-1999. */
export function isResidentNumber(code: string): boolean {
  if (!RESIDENT.test(code)) return false;
  const sum = Array.from(code.slice(0, 17)).reduce((total, digit, index) => {
    return total + Number(digit) * (2 ** (17 - index) % 11);
  }, 0);
  return '10X98765432'[sum % 11] === code.at(-1);
}

/**
 * Whether a code holds what may be a person's number: a resident number anywhere in it, or nothing but an old
 * fifteen-digit one or a mobile number. Such a code is refused wherever it would stay on the chain.
 */
export function holdsPersonalNumber(code: string): boolean {
  if (RESIDENT_15.test(code) || MOBILE.test(code)) return true;
  for (let start = 0; start + LENGTH <= code.length; start += 1) {
    if (isResidentNumber(code.slice(start, start + LENGTH))) return true;
  }
  return false;
}
