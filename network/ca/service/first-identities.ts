import { type MemberPlan } from '../../plan/plan.js';
import { type Identity } from './registry.js';
import { reserved } from './rights.js';

const unbounded = -1;

/** The identity that registers all others: it may do everything that an authority lets anybody do. */
export function registrarIdentity(name: string): Identity {
  const attributes = [
    ...[reserved.roles, reserved.delegateRoles, reserved.registrarAttributes].map((each) => ({
      name: each,
      value: '*',
    })),
    ...[reserved.revoker, reserved.crlMaker, reserved.affiliationManager].map((each) => ({
      name: each,
      value: 'true',
    })),
  ];
  return { name, type: 'client', affiliation: '', attributes, maxEnrollments: unbounded, state: 0, failed: 0 };
}

/** Somebody of the topology. It has no secret: who holds its certificate enrols anew with that. */
export function memberIdentity({ id, role, attributes }: MemberPlan, affiliation: string): Identity {
  const own = Object.entries(attributes).map(([name, value]) => ({ name, value, ecert: true }));
  return { name: id, type: role, affiliation, attributes: own, maxEnrollments: 0, state: 0, failed: 0 };
}
