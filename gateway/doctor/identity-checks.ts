import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readCertificateFacts } from '../identity/certificate.js';
import { type Finding, ill, well } from './finding.js';

const DAY_MS = 86_400_000;
/** From so many days before its end on a certificate is to be renewed. */
export const DAYS_LEFT_MIN = 30;
const FILE_MEND = {
  zh: '把 MSP 文件夹补齐：signcerts、keystore、cacerts',
  en: 'complete the MSP folder: signcerts, keystore, cacerts',
};

/** Looks at an MSP folder without asking anybody: files, key, chain, time left, attributes. */
export function checkIdentity(user: string, mspFolder: string, mspId: string, nowMs: number): Finding[] {
  const [pem, key] = [readFirst(join(mspFolder, 'signcerts')), readFirst(join(mspFolder, 'keystore'))];
  const certificate = pem === undefined ? undefined : parseCertificate(pem);
  if (certificate === undefined || key === undefined) {
    const missing = certificate === undefined ? 'signcerts' : 'keystore';
    const found = { zh: `${missing} 中没有可用的文件`, en: `${missing} holds nothing that can be used` };
    return [ill('key', user, found, FILE_MEND)];
  }
  return [
    checkKey(user, certificate, key),
    checkChain(user, certificate, mspFolder),
    checkExpiry('expiry', user, certificate, nowMs),
    checkAttributes(user, mspId, certificate),
  ];
}

function checkKey(user: string, certificate: X509Certificate, key: string): Finding {
  try {
    if (certificate.checkPrivateKey(createPrivateKey(key))) {
      return well('key', user, '私钥与证书相符', 'the key belongs to the certificate');
    }
  } catch {
    // Not a private key at all: the same to whoever must mend it.
  }
  const found = { zh: '私钥不是该证书的', en: 'the key is not that of the certificate' };
  return ill('key', user, found, {
    zh: '把配对的私钥放入 keystore',
    en: "put the certificate's own key into keystore",
  });
}

/** A chain of the folder's own authorities, the root among cacerts. What the channel thinks of them is looked at later. */
function checkChain(user: string, certificate: X509Certificate, mspFolder: string): Finding {
  const roots = readAll(join(mspFolder, 'cacerts'));
  const between = readAll(join(mspFolder, 'intermediatecerts'));
  let last = certificate;
  for (let step = 0; step <= between.length; step += 1) {
    const root = roots.find((each) => isIssuer(each, last));
    if (root !== undefined) return well('chain', user, `由 ${nameOf(root)} 签发`, `issued under ${nameOf(root)}`);
    const next = between.find((each) => isIssuer(each, last));
    if (next === undefined) break;
    last = next;
  }
  const issuer = /^CN=(.*)$/m.exec(last.issuer)?.[1] ?? '?';
  const found = { zh: `缺少签发者 ${issuer} 的证书`, en: `the certificate of its issuer ${issuer} is missing` };
  return ill('chain', user, found, {
    zh: '把它放入 cacerts 或 intermediatecerts',
    en: 'put it into cacerts or intermediatecerts',
  });
}

/** Days left of a certificate; a warning where fewer than {@link DAYS_LEFT_MIN}. */
export function checkExpiry(check: string, of: string, certificate: X509Certificate, nowMs: number): Finding {
  const days = Math.floor((Date.parse(certificate.validTo) - nowMs) / DAY_MS);
  const early = Date.parse(certificate.validFrom) > nowMs;
  const renew = { zh: '向签发机构换发证书', en: 'have the authority that issued it renew it' };
  if (days < 0) {
    const found = { zh: `证书已于 ${certificate.validTo} 到期`, en: `the certificate ended at ${certificate.validTo}` };
    return ill(check, of, found, renew);
  }
  if (early) {
    const found = {
      zh: `证书自 ${certificate.validFrom} 起有效`,
      en: `the certificate begins at ${certificate.validFrom}`,
    };
    return ill(check, of, found, {
      zh: '校正本机时钟，或换发证书',
      en: "set this machine's clock, or have it renewed",
    });
  }
  if (days < DAYS_LEFT_MIN) {
    return ill(check, of, { zh: `证书还剩 ${days} 天`, en: `${days} days left of the certificate` }, renew, 'warning');
  }
  return well(check, of, `证书还剩 ${days} 天`, `${days} days left of the certificate`);
}

/** The contracts decide by attributes; a reader needs none, a writer cannot do without. */
function checkAttributes(user: string, mspId: string, certificate: X509Certificate): Finding {
  const facts = readCertificateFacts(mspId, certificate.toString());
  const missing = (['role', 'unit', 'region'] as const).filter((name) => facts[name] === undefined);
  if (missing.length === 0) {
    return well('attributes', user, `角色 ${facts.role ?? ''}`, `role ${facts.role ?? ''}`);
  }
  const names = missing.map((name) => `yz.${name}`).join(', ');
  const found = { zh: `证书没有属性 ${names}：可查询，不可写入`, en: `no attribute ${names}: it may read, not write` };
  const mend = { zh: '需写入者请以这些属性注册', en: 'enrol whoever is to write with these attributes' };
  return ill('attributes', user, found, mend, 'warning');
}

function isIssuer(authority: X509Certificate, of: X509Certificate): boolean {
  return of.checkIssued(authority) && of.verify(authority.publicKey);
}

function nameOf(certificate: X509Certificate): string {
  return /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '?';
}

function readAll(folder: string): X509Certificate[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => parseCertificate(readFileSync(join(folder, name), 'utf8')) ?? []);
}

function readFirst(folder: string): string | undefined {
  const [name] = existsSync(folder) ? readdirSync(folder).sort() : [];
  return name === undefined ? undefined : readFileSync(join(folder, name), 'utf8');
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
