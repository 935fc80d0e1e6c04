/** Top-level folders of a data folder that come back from the chain: no copy needs them, and a new chain is not theirs. */
export const DERIVED_FOLDERS: readonly string[] = ['gateways'];
