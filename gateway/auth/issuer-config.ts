import { z } from 'zod';

const text = z.string().min(1);
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/** RFC 6749, 3.3; without `openid` there is no ID token and no nonce (OpenID Connect Core 1.0, 3.1.2.1). */
const SCOPE = /^(?=(.* )?openid( |$))[!#-[\]-~]+( [!#-[\]-~]+)*$/;

/** `iss` of the development issuer, whose key lies on the same machine and signs for whoever asks. */
export const DEVELOPMENT_ISSUER = 'yinzheng-dev';

const issuerMembers = z.strictObject({
  /** `iss` of every token; with `clientId` the address below which `.well-known/openid-configuration` lies. */
  issuer: text,
  /** `aud` of every token. */
  audience: text,
  jwksFile: text.optional(),
  /** https, or http on this machine. */
  jwksUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Claim that holds the name of the wallet's user. */
  userClaim: text.default('sub'),
  /** The pages as a public client of the OpenID provider; absent where pages offer no sign-in. */
  clientId: text.optional(),
  /** What the pages ask the provider for: `openid`, and what puts `audience` and `userClaim` into the token. */
  scope: z.string().regex(SCOPE, 'scopes with openid among them, one space between two').default('openid'),
  /** Private key of the development issuer, a JWK: lets whoever sits at this machine sign in as any of its users. */
  developmentKeyFile: text.optional(),
});

/**
 * Who issues tokens for this gateway. Its public keys are a JWK set (RFC 7517), in a file or at an address; a gateway
 * set up for production names an OpenID provider's, and then takes no token of the development issuer.
 */
export const issuerSchema = issuerMembers
  .refine(({ jwksFile, jwksUrl }) => (jwksFile === undefined) !== (jwksUrl === undefined), {
    message: 'one of jwksFile and jwksUrl',
  })
  .refine(({ jwksUrl }) => jwksUrl === undefined || isSafe(jwksUrl), {
    path: ['jwksUrl'],
    message: 'https, for keys that everything relies on',
  })
  .refine(({ clientId, issuer }) => clientId === undefined || (URL.canParse(issuer) && isSafe(issuer)), {
    path: ['issuer'],
    message: 'the https address of the OpenID provider, where clientId is given',
  })
  .refine((issuer) => issuer.developmentKeyFile === undefined || isDevelopment(issuer), {
    path: ['developmentKeyFile'],
    message: `only with the issuer ${DEVELOPMENT_ISSUER}, its jwksFile and no clientId`,
  });

/** Who issues tokens, as a gateway's configuration has it. */
export type IssuerConfig = z.infer<typeof issuerMembers>;

/** Whether a host name means this machine. Certain addresses only: a name could be made to mean anything. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

function isDevelopment({ issuer, jwksFile, clientId }: IssuerConfig): boolean {
  return issuer === DEVELOPMENT_ISSUER && jwksFile !== undefined && clientId === undefined;
}

function isSafe(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || isLoopback(hostname);
}
