import { join, resolve } from 'node:path';

/** Where a network and its users live unless `--data` says otherwise, under the current folder. */
export const DEFAULT_DATA = '.yinzheng';

/** Paths inside one data folder, all absolute. */
export interface DataFolder {
  readonly root: string;
  /** The topology in force. */
  readonly topologyFile: string;
  /** Keys and certificates in cryptogen's layout. */
  readonly crypto: string;
  /** One JSON file per gateway, and its audit database. */
  readonly gateways: string;
  /** The development issuer's key and its public half. */
  readonly issuer: string;
  /** Process ids, logs and addresses of what runs. */
  readonly run: string;
}

/** @param path as the user wrote it, relative to the current folder. */
export function dataFolder(path: string = DEFAULT_DATA): DataFolder {
  const root = resolve(path);
  return {
    root,
    topologyFile: join(root, 'topology.yaml'),
    crypto: join(root, 'crypto'),
    gateways: join(root, 'gateways'),
    issuer: join(root, 'issuer'),
    run: join(root, 'run'),
  };
}
