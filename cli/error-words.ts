import { ERROR_WORDING } from '../domain/error-wording.js';
import { type Wording } from '../domain/wording.js';
import { type ManagerErrorCode } from '../network/manager/manager-error.js';
import { type CliErrorCode } from './cli-error.js';

const start = {
  zh: '请看 yinzheng status；未运行则用 yinzheng up --detach 启动，再试一次',
  en: 'see yinzheng status; where nothing runs, start it with yinzheng up --detach, then try again',
};

/**
 * What people are told beside a code of the command line's own; for the refusals of the system the words are those of
 * domain/, but for two that here name what to type. A new code without words does not compile.
 */
const WORDS: Readonly<Record<CliErrorCode | ManagerErrorCode | 'TOPOLOGY_INVALID' | 'DISK_REFUSED' | 'BUG', Wording>> &
  Partial<Record<string, Wording>> = {
  ...ERROR_WORDING,
  OUTCOME_UNKNOWN: {
    zh: '交易已发出而结果未知，可能已写入；请用同一 --request 再试，不会重复登记',
    en: 'sent, outcome unknown, perhaps written; repeat with the same --request: that never records twice',
  },
  UNVERIFIABLE_NOW: {
    zh: `账本未能应答，未写入；这不表示未存证。${start.zh}`,
    en: `the ledger did not answer, nothing was written; this does not mean "not found". ${start.en}`,
  },
  USAGE: { zh: '命令用法不对', en: 'the command line was not understood' },
  USER_UNKNOWN: { zh: '没有这一用户', en: 'there is no such user' },
  FILE_UNREADABLE: { zh: '文件无法读取', en: 'the file cannot be read' },
  NETWORK_DOWN: { zh: `网络未运行。${start.zh}`, en: `the network does not run. ${start.en}` },
  REPLY_MALFORMED: { zh: '网关的应答无法理解', en: "the gateway's answer was not understood" },
  PROCESS_FAILED: { zh: '进程启动失败，请看日志', en: 'a process failed to start; see its log' },
  PORT_TAKEN: { zh: '拓扑指定的端口已被占用', en: 'a port that the topology fixes is taken' },
  NETWORK_NOT_RUNNING: { zh: '网络未运行', en: 'the network does not run' },
  NETWORK_RUNNING: { zh: '网络正在运行，请先停止', en: 'the network runs; stop it first' },
  COMMAND_REFUSED: { zh: '网络拒绝了该命令，一切照旧', en: 'the network refused the command; nothing changed' },
  DEPLOY_REFUSED: { zh: '通道无法变成所给的样子', en: 'the channel cannot become this' },
  FOLDER_NOT_EMPTY: { zh: '目标文件夹不是空的', en: 'the target folder is not empty' },
  FOLDER_EMPTY: { zh: '该文件夹里没有网络', en: 'the folder holds no network' },
  ENGINE_IN_FORCE: { zh: '该数据文件夹属于另一种网络引擎', en: 'the data folder belongs to another engine' },
  FABRIC_BINARIES_MISSING: { zh: '找不到 Fabric 的程序', en: "Fabric's own programs were not found" },
  NODE_UNKNOWN: { zh: '网络中没有这一节点', en: 'the network has no such node' },
  CHANGE_REFUSED: { zh: '网络无法作此变更，一切照旧', en: 'the network cannot change like this; nothing changed' },
  SNAPSHOT_BROKEN: { zh: '备份不完整或已改动，未恢复任何内容', en: 'the snapshot is damaged; nothing was restored' },
  PROCESS_TIMEOUT: { zh: '进程未按时就绪，请看日志', en: 'a process was not ready in time; see its log' },
  PORTS_EXHAUSTED: { zh: '没有可用端口', en: 'no port is free' },
  FOLDER_BUSY: { zh: '另一命令正在使用该数据目录', en: 'another command works in this data folder' },
  TOPOLOGY_IN_FORCE: { zh: '该数据目录已有拓扑，不能更换', en: 'the data folder has its topology already' },
  TOPOLOGY_INVALID: { zh: '拓扑文件不对', en: 'the topology file is not valid' },
  DISK_REFUSED: {
    zh: '磁盘已满，或无权读写；本命令没有完成',
    en: 'the disk is full, or may not be read or written; the command was not finished',
  },
  BUG: { zh: '程序错误，请报告', en: 'a bug of ours: please report it' },
};

/** Names of details that people meet, as they are shown; others stand as they are. */
const LABELS: Readonly<Record<string, string>> = {
  wanted: '应为 wanted',
  differs: '不同 differs',
  where: '位置 where',
  reason: '原因 reason',
  file: '文件 file',
  option: '选项 option',
  data: '数据 data',
  log: '日志 log',
  gateway: '网关 gateway',
};

/** The sentence that stands beside a code; empty for one that is not of this program's lists. */
export function errorWording(code: string): Wording | undefined {
  return WORDS[code];
}

/** How a detail of an error is labelled for people. */
export function detailLabel(name: string): string {
  return LABELS[name] ?? name;
}
