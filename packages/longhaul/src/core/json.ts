/** Whatever JSON can hold. `undefined`, `bigint`, dates and maps are not JSON: `checkJson` names the path of each. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

export type JsonObject = { readonly [key: string]: Json }
