import { join } from 'node:path';

import { type OrganisationPlan } from '../plan/plan.js';

/** Where certificates of an organisation stay that were replaced: what they signed is still to be verified. */
export function retiredFolder({ folder }: Pick<OrganisationPlan, 'folder'>): string {
  return join(folder, 'retired');
}
