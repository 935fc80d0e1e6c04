import { type Holder, sameHolder } from '../../../domain/custody.js';
import { type Who } from '../session/who.js';

/** Whether somebody acts for a unit: the same code of the same organisation. */
export function isOwnUnit(holder: Holder, { organisation: mspId, unit }: Who): boolean {
  return sameHolder(holder, { mspId, unit });
}
