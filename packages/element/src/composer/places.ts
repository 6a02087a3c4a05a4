/** Places taken on this page. Two elements with one server must not share a draft. */
const taken = new Set<number>();

/** Takes a place on the page: the wanted one if it is free, else the lowest. A reload finds the same ones again. */
export function claimPlace(wanted: number | null): number {
  let place = wanted ?? 0;
  if (taken.has(place)) {
    place = 0;
    while (taken.has(place)) place += 1;
  }
  taken.add(place);
  return place;
}

/** Gives a place back; null gives none. */
export function releasePlace(place: number | null): void {
  if (place !== null) taken.delete(place);
}
