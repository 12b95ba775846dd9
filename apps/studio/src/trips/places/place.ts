/** What the place data says of a populated place, and nothing more. */
export interface Place {
  readonly name: string
  /** Two letters of ISO 3166. */
  readonly country: string
  /** The first-order region, in English where the data has it so; empty when it names none. */
  readonly region: string
  /** The region's own abbreviation where it has one: OR for Oregon. */
  readonly regionCode: string
  readonly latitude: number
  readonly longitude: number
  /** To three digits. */
  readonly population: number
  readonly role: PlaceRole
  /** Within about three kilometres of the sea, or of an estuary that the map counts as sea. */
  readonly coastal: boolean
  /** Places on the same island or continent have the same. */
  readonly landmass: string
}

export type PlaceRole =
  | 'capital'
  /** Seat of a first-order region: a state, a province. */
  | 'region_seat'
  /** Seat of a second-order region: a district, a county. */
  | 'district_seat'
  | 'local_seat'
  /** A part of a larger town. */
  | 'quarter'
  | 'place'
