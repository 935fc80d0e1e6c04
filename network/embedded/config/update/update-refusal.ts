/** Why a configuration update does not apply; `message` is Fabric's text. */
export class UpdateRefusal extends Error {
  override readonly name = 'UpdateRefusal';
}
