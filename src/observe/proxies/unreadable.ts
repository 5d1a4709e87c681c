/** Something in a proxy's config that its small parser does not follow. */
export class Unreadable extends Error {
  constructor(place: string, why: string) {
    super(`${place}: ${why}`.slice(0, 400));
  }
}
