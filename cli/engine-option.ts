import { Option } from 'commander';

import { type Engine } from '../network/manager/plan-file.js';

export type { Engine };

/** `--engine`: the embedded network, or the programs of a Fabric release that the user has. */
export function engineOption(): Option {
  return new Option(
    '--engine <engine>',
    'what runs the network; fabric: the programs of a Fabric 3.1 release in FABRIC_BIN or on PATH (first start only)',
  ).choices(['embedded', 'fabric'] satisfies Engine[]);
}
