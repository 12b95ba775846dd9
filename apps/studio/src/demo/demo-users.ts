/** Who can sign in: people of organisations that never see each other's work. Ada belongs to two of them. */
export const demoUsers = [
  {
    name: 'Ada',
    email: 'ada@acme.example',
    organisations: [
      { name: 'Acme', slug: 'acme' },
      { name: 'Initech', slug: 'initech' },
    ],
  },
  {
    name: 'Grace',
    email: 'grace@globex.example',
    organisations: [{ name: 'Globex', slug: 'globex' }],
  },
] as const

/** Printed at the start and shown on the sign-in page: it protects nothing. */
export const demoPassword = 'longhaul-demo'
