import { type ConsortiumResult } from '../../domain/consortium.js';
import { DomainError } from '../../domain/errors.js';
import { type GatewayConfig } from '../config.js';
import { type Wallet } from '../identity/wallet.js';
import { DELIVER_STATUS, evaluateAlone, peersWords, queryDefinition } from '../ledger/channel-probe.js';
import { type Connection } from '../ledger/connection.js';
import { openBlockSource } from '../ledger/deliver.js';
import { type LedgerBlock } from '../ledger/block.js';
import { toRefusal } from '../ledger/refusals.js';
import { type Finding, ill, well } from './finding.js';

const ASK_MS = 10_000;
/** A newest block from so far in the future means that a clock is wrong. */
const AHEAD_MS_MAX = 60_000;

/** What the channel is asked with. */
export interface ChannelProbe {
  readonly config: Pick<
    GatewayConfig,
    'channel' | 'chaincode' | 'mspId' | 'serviceUser' | 'listen' | 'limits' | 'name'
  >;
  readonly connection: Connection;
  readonly wallet: Wallet;
  /** Name of the home peer, and whether it could be reached at all. */
  readonly peer: string;
  readonly reached: boolean;
  readonly nowMs: () => number;
}

/** Asks the home peer what it says to this organisation's identity, the chaincode, and this gateway's own index. */
export async function checkChannel(probe: ChannelProbe): Promise<Finding[]> {
  const { config, peer: name, reached } = probe;
  if (!reached) return ['msp', 'clock', 'definition', 'contract', 'index'].map((check) => skipped(check, name));
  const { height, finding } = await checkMembership(probe);
  if (height === undefined) {
    return [finding, ...['clock', 'definition', 'contract', 'index'].map((check) => skipped(check, config.channel))];
  }
  return [
    finding,
    await checkClock(probe, height),
    await checkDefinition(probe),
    await checkContract(probe),
    await checkIndex(probe, height),
  ];
}

function skipped(check: string, of: string): Finding {
  const found = { zh: '前面的问题解决后再查', en: 'looked at once what stands above is mended' };
  return { check, of, health: 'skipped', found };
}

async function checkMembership(probe: ChannelProbe): Promise<{ readonly height?: number; readonly finding: Finding }> {
  const { config, peer: name } = probe;
  const { channel, mspId, serviceUser } = config;
  try {
    const height = await sourceOf(probe).height();
    return {
      height,
      finding: well('msp', channel, `${mspId} 可读，${height} 个区块`, `${mspId} may read it, ${height} blocks`),
    };
  } catch (error) {
    const status = error instanceof DomainError ? error.details.deliverStatus : undefined;
    if (status === DELIVER_STATUS.notFound) {
      const found = { zh: `${name} 未加入该通道`, en: `${name} has not joined the channel` };
      const mend = { zh: '改正通道名，或 peer channel join', en: 'mend the name of the channel, or peer channel join' };
      return { finding: ill('msp', channel, found, mend) };
    }
    if (status === DELIVER_STATUS.forbidden) {
      const found = {
        zh: `通道不承认 ${mspId} 的 ${serviceUser}`,
        en: `the channel does not accept ${serviceUser} of ${mspId}`,
      };
      const mend = {
        zh: '核对 MSP 标识与签发 CA；机构未加入时由成员更新通道配置',
        en: 'compare MSP id and issuing authority with the channel; members admit an organisation by a configuration update',
      };
      return { finding: ill('msp', channel, found, mend) };
    }
    const found = { zh: '节点没有回答区块高度', en: 'the peer did not tell its height' };
    const mend = {
      zh: '看节点日志；两边时钟相差应在 15 分钟内',
      en: "see the peer's log; clocks may differ by 15 minutes",
    };
    return { finding: ill('msp', channel, found, mend) };
  }
}

function sourceOf({ config, connection, wallet, peer: name }: ChannelProbe) {
  const { channel: ledgerChannel, serviceUser: user } = config;
  return openBlockSource({ name, channel: connection.channel, wallet, user, ledgerChannel });
}

/** The newest block's time, which its client claimed: one from the future means that this clock, or theirs, is wrong. */
async function checkClock(probe: ChannelProbe, height: number): Promise<Finding> {
  const range = { from: height - 1, to: height - 1 };
  const times: number[] = [];
  for await (const block of sourceOf(probe).blocks(range, AbortSignal.timeout(ASK_MS))) times.push(...timesOf(block));
  const aheadMs = Math.max(0, ...times) - probe.nowMs();
  if (aheadMs <= AHEAD_MS_MAX)
    return well('clock', probe.config.channel, '与账本时间相容', 'fits the times on the ledger');
  const seconds = Math.round(aheadMs / 1000);
  const found = {
    zh: `最新交易在本机时间之后 ${seconds} 秒`,
    en: `the newest transaction is ${seconds} s after this clock`,
  };
  return ill('clock', probe.config.channel, found, {
    zh: '用 NTP 校正本机时钟',
    en: "set this machine's clock by NTP",
  });
}

function timesOf({ transactions }: LedgerBlock): number[] {
  return transactions.flatMap(({ time }) => (time === undefined ? [] : [Date.parse(time)]));
}

async function checkDefinition(probe: ChannelProbe): Promise<Finding> {
  const { channel, chaincode, mspId } = probe.config;
  try {
    const definition = await queryDefinition(questionOf(probe), chaincode);
    const version = `${definition.version}, sequence ${definition.sequence}`;
    if (definition.approvedBy.includes(mspId)) {
      return well('definition', chaincode, `版本 ${version}`, `version ${version}`);
    }
    const found = { zh: `${mspId} 未批准 ${version}`, en: `${mspId} has not approved ${version}` };
    const mend = {
      zh: '安装链码包并 peer lifecycle chaincode approveformyorg',
      en: 'install the package and peer lifecycle chaincode approveformyorg',
    };
    return ill('definition', chaincode, found, mend, 'warning');
  } catch (error) {
    const undefined_ = peersWords(error).includes('is not defined');
    const found = undefined_
      ? { zh: `通道 ${channel} 上没有定义`, en: `not defined on channel ${channel}` }
      : { zh: `定义查不到：${peersWords(error)}`, en: `its definition could not be read: ${peersWords(error)}` };
    const mend = { zh: '各机构批准后提交链码定义', en: 'have the organisations approve and one commit its definition' };
    return ill('definition', chaincode, found, mend);
  }
}

/** Calls a contract: the chaincode runs, the clocks agree, and the consortium counts this organisation. */
async function checkContract(probe: ChannelProbe): Promise<Finding> {
  const { chaincode, mspId } = probe.config;
  try {
    const bytes = await evaluateAlone(questionOf(probe), chaincode, 'consortium:get');
    const consortium = JSON.parse(Buffer.from(bytes).toString('utf8')) as ConsortiumResult;
    if (consortium.configured && consortium.members.includes(mspId)) {
      return well(
        'contract',
        chaincode,
        '链码应答，本机构是联盟成员',
        'the chaincode answers; the organisation is a member',
      );
    }
    const found = consortium.configured
      ? { zh: `联盟成员不含 ${mspId}`, en: `${mspId} is no member of the consortium` }
      : { zh: '联盟尚未配置', en: 'the consortium is not configured' };
    return ill('contract', chaincode, found, {
      zh: '由管理员配置成员：yinzheng consortium configure --as … --member …',
      en: 'have an administrator set the members: yinzheng consortium configure --as … --member …',
    });
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal instanceof DomainError && refusal.code === 'TIME_SKEW') {
      const found = { zh: '本机时钟与节点相差超过五分钟', en: "this clock is more than five minutes from the peer's" };
      return ill('clock', chaincode, found, { zh: '用 NTP 校正时钟', en: 'set the clocks by NTP' });
    }
    const found = { zh: `链码不应答：${peersWords(error)}`, en: `the chaincode does not answer: ${peersWords(error)}` };
    return ill('contract', chaincode, found, {
      zh: '查看链码服务与节点日志',
      en: "see the logs of the chaincode's server and the peer",
    });
  }
}

/** Asks the gateway of this configuration, where it runs, how far its index is. */
async function checkIndex({ config }: ChannelProbe, height: number): Promise<Finding> {
  const { listen, limits, name } = config;
  try {
    const response = await fetch(`http://${listen.host}:${listen.port}/v1/network`, {
      signal: AbortSignal.timeout(ASK_MS),
    });
    const { blocks } = (await response.json()) as { readonly blocks?: number };
    const lag = Math.max(0, height - (blocks ?? 0));
    if (blocks !== undefined && lag <= limits.lagBlocks)
      return well('index', name, `落后 ${lag} 个区块`, `${lag} blocks behind`);
    const found = { zh: `索引落后 ${lag} 个区块`, en: `the index is ${lag} blocks behind` };
    const mend = {
      zh: '稍候；不减则看网关日志，索引可删除重建',
      en: "wait; if it stays, see the gateway's log. The index may be deleted",
    };
    return ill('index', name, found, mend);
  } catch {
    const found = { zh: '网关未在运行', en: 'the gateway does not run' };
    return ill('index', name, found, { zh: '启动：yinzheng gateway', en: 'start it: yinzheng gateway' }, 'warning');
  }
}

function questionOf({ connection, config }: ChannelProbe) {
  return { connection, user: config.serviceUser, channel: config.channel };
}
