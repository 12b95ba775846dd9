/** Who can sign in: two people of two organisations that never see each other's trips. */
export const demoUsers = [
  { name: 'Ada', email: 'ada@acme.example', organisation: { name: 'Acme', slug: 'acme' } },
  {
    name: 'Grace',
    email: 'grace@globex.example',
    organisation: { name: 'Globex', slug: 'globex' },
  },
] as const

/** Printed at the start and shown on the sign-in page: it protects nothing. */
export const demoPassword = 'longhaul-demo'
