const names = new Intl.DisplayNames(['en'], { type: 'region' })

/** In English: `PT` is Portugal. */
export function countryName(code: string): string {
  return names.of(code) ?? code
}

/** What travellers call countries and their parts, beside the English name and the code. */
const otherNames: Readonly<Record<string, string>> = {
  america: 'US',
  usa: 'US',
  'the usa': 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  britain: 'GB',
  holland: 'NL',
  'the netherlands': 'NL',
  deutschland: 'DE',
  espana: 'ES',
  italia: 'IT',
  osterreich: 'AT',
  schweiz: 'CH',
  suisse: 'CH',
  'czech republic': 'CZ',
  turkey: 'TR',
  burma: 'MM',
  korea: 'KR',
  'south korea': 'KR',
  uae: 'AE',
}

/** @param plain a name as `plainName` gives it */
export function isCountryCalled(code: string, plain: string): boolean {
  if (code.toLowerCase() === plain) return true
  if (otherNames[plain] === code) return true
  return (
    countryName(code)
      .normalize('NFD')
      .replaceAll(/[\u0300-\u036f]/g, '')
      .toLowerCase() === plain
  )
}
