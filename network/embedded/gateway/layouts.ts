import { isSatisfiedByRoles, type Policy } from '../msp/policy.js';

/** Organisations that are tried in all combinations; more would take too long, and no channel here has so many. */
export const planOrganisationsMax = 16;

/**
 * The sets of organisations that satisfy every policy with one peer each and of which none can be left out, smallest
 * first. Pure. @param mspIds organisations with a running peer, in order of preference, at most 16.
 * Source: Fabric discovery/endorsement/endorsement.go (layouts are minimal principal sets).
 */
export function findLayouts(policies: readonly Policy[], mspIds: readonly string[]): string[][] {
  const candidates = mspIds.slice(0, planOrganisationsMax);
  const layouts: string[][] = [];
  for (const subset of subsetsBySize(candidates)) {
    const isMinimal = !layouts.some((layout) => layout.every((mspId) => subset.includes(mspId)));
    if (isMinimal && satisfiesAll(policies, subset)) layouts.push(subset);
  }
  return layouts;
}

/** The layout to use: one that keeps the first endorser's work, where there is one. */
export function preferLayout(layouts: readonly string[][], firstMspId: string): string[] | undefined {
  return layouts.find((layout) => layout.includes(firstMspId)) ?? layouts[0];
}

function satisfiesAll(policies: readonly Policy[], mspIds: readonly string[]): boolean {
  const roles = mspIds.map((mspId) => ({ mspId, role: 'peer' as const }));
  return policies.every((policy) => isSatisfiedByRoles(policy, roles));
}

function subsetsBySize(items: readonly string[]): string[][] {
  const subsets = Array.from({ length: 2 ** items.length - 1 }, (_, index) =>
    items.filter((_item, bit) => ((index + 1) >> bit) % 2 === 1),
  );
  return subsets.toSorted((a, b) => a.length - b.length); // The sort is stable, so preference decides among equals.
}
