/** Too few peers can be handed the plain text that a transaction wrote. `message` is Fabric's text. */
export class DistributionError extends Error {
  override readonly name = 'DistributionError';
}
