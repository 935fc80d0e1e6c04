import { X509Certificate } from 'node:crypto';
import { connect as connectPlain } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';

import { type PeerAddress } from '../ledger/profile.js';
import { type Finding, ill, well } from './finding.js';
import { checkExpiry } from './identity-checks.js';

const CONNECT_MS = 5_000;

/** What a peer showed of itself, or why it could not be asked. */
type Sight =
  | {
      readonly reached: true;
      readonly certificate?: X509Certificate;
      readonly refusal?: string;
      readonly names?: string;
    }
  | { readonly reached: false; readonly reason: string };

/** Asks a peer's port: whether it answers, whose authority signed its certificate, for which names, for how long. */
export async function checkPeer(peer: PeerAddress, nowMs: number): Promise<Finding[]> {
  const { name, address } = peer;
  const sight = await look(peer);
  if (!sight.reached) {
    const found = { zh: `${address} 连不上（${sight.reason}）`, en: `${address} cannot be reached (${sight.reason})` };
    const mend = {
      zh: '检查节点是否运行、地址、端口与防火墙',
      en: 'look whether it runs, and at address, port and firewall',
    };
    return [ill('peer', name, found, mend)];
  }
  const { certificate, refusal, names } = sight;
  if (names !== undefined) {
    const found = {
      zh: `其 TLS 证书不含该主机名（${names}）`,
      en: `its TLS certificate is not for that host name (${names})`,
    };
    const mend = {
      zh: '连接配置中设 ssl-target-name-override，或换发含该名称的证书',
      en: 'set ssl-target-name-override in the profile, or have the certificate renewed with that name (SAN)',
    };
    return [ill('peer', name, found, mend)];
  }
  if (refusal !== undefined) {
    const found = { zh: `其 TLS 证书不被信任（${refusal}）`, en: `its TLS certificate is not trusted (${refusal})` };
    const mend = {
      zh: '连接配置的 tlsCACerts 应为该节点的 TLS CA',
      en: "put the peer's TLS authority into the profile's tlsCACerts",
    };
    return [ill('peer', name, found, mend)];
  }
  const reached = well('peer', name, `${address} 可达`, `${address} answers`);
  return certificate === undefined ? [reached] : [reached, checkExpiry('tls-expiry', name, certificate, nowMs)];
}

function look({ address, tlsRoots, serverName }: PeerAddress): Promise<Sight> {
  const at = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, at), Number(address.slice(at + 1))];
  const expected = serverName ?? host;
  return new Promise((resolve) => {
    const options = { host, port, timeout: CONNECT_MS };
    const socket =
      tlsRoots === undefined
        ? connectPlain(options, () => {
            end({ reached: true });
          })
        : connectTls({
            ...options,
            ca: tlsRoots,
            servername: nameForSni(expected),
            ALPNProtocols: ['h2'],
            rejectUnauthorized: false,
          });
    const end = (sight: Sight): void => {
      socket.destroy();
      resolve(sight);
    };
    socket.once('timeout', () => {
      end({ reached: false, reason: 'timeout' });
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      end({ reached: false, reason: error.code ?? error.message });
    });
    socket.once('secureConnect', () => {
      const secure = socket as ReturnType<typeof connectTls>;
      const shown = secure.getPeerCertificate();
      const certificate = new X509Certificate(shown.raw);
      const names = checkServerIdentity(expected, shown);
      const refusal = secure.authorized ? undefined : String(secure.authorizationError);
      end({
        reached: true,
        certificate,
        ...(refusal === undefined || refusal.includes('ALTNAME') ? {} : { refusal }),
        ...(names === undefined ? {} : { names: certificate.subjectAltName ?? 'no SAN' }),
      });
    });
  });
}

/** RFC 6066, section 3: an address is no server name. */
function nameForSni(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}
