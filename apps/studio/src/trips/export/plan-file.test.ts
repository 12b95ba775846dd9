import { describe, expect, it } from 'vitest'
import { somePlan } from '../../../test/some-plan.js'
import { formatsOf, planFile } from './plan-file.js'

describe('the file of a plan', () => {
  it('as text tells each day with its stops', () => {
    const { name, text } = planFile(somePlan, 'md')
    expect(name).toBe('são-tomé.md')
    expect(text).toContain('## Day 1, 2027-05-30\n\nAlong the coast.\n\n- 09:00 São Tomé\n')
    expect(text).toContain('- 09:35 Guadalupe; the village (1 h)')
    expect(text).toContain('GeoNames')
  })

  it('as a calendar has an event for each stop, at the time of the place, in lines that others can read', () => {
    const { text, mediaType } = planFile(somePlan, 'ics')
    expect(mediaType).toBe('text/calendar')
    const lines = text.split('\r\n')
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(2)
    const unfolded = text.replaceAll('\r\n ', '')
    expect(unfolded).toContain('DTSTART:20270530T093500\r\nDURATION:PT60M')
    expect(unfolded).toContain(String.raw`SUMMARY:Guadalupe\; the village`)
    expect(text).not.toMatch(/[^\r]\n/)
  })

  it('as a map has the round as a line and the stops as points, longitude first', () => {
    const { features } = JSON.parse(planFile(somePlan, 'geojson').text) as {
      features: { geometry: { type: string; coordinates: unknown } }[]
    }
    expect(features.map(({ geometry }) => geometry.type)).toEqual(['LineString', 'Point', 'Point'])
    expect(features[1]!.geometry.coordinates).toEqual([6.64, 0.38])
  })

  it('is no calendar when the trip has no dates', () => {
    expect(formatsOf(somePlan)).toEqual(['md', 'ics', 'geojson'])
    const undated = { ...somePlan, days: somePlan.days.map((day) => ({ ...day, date: null })) }
    expect(formatsOf(undated)).toEqual(['md', 'geojson'])
  })
})
