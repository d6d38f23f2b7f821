/** Somebody was quicker: what was begun in a transaction is undone by throwing this out of it. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}
