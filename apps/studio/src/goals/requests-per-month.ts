/** To the proxy, of one person in one organisation. By itself, because the page says it too, and needs no schemas. */
export const requestsPerMonth = 100
