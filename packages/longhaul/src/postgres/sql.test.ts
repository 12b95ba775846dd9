import { expect, it } from 'vitest'
import { planned, sql } from './sql.js'

it('binds every value, whatever it holds', () => {
  expect(sql`select ${"'; drop table jobs; --"} where a = ${1}`).toEqual({
    text: 'select $1 where a = $2',
    values: ["'; drop table jobs; --", 1],
  })
})

it('splices a statement into another and renumbers its parameters', () => {
  const visible = sql`tenant_id = ${'acme'} and owner_id = ${'ada'}`
  const page = sql`limit ${5}`
  expect(sql`select ${1} from jobs where ${visible} and ${sql`true`} ${page}`).toEqual({
    text: 'select $1 from jobs where tenant_id = $2 and owner_id = $3 and true limit $4',
    values: [1, 'acme', 'ada', 5],
  })
})

it('keeps apart what one template is given at different times', () => {
  const find = (condition: unknown, limit: unknown) =>
    sql`select ${1} from jobs where ${condition} limit ${limit}`.text
  const own = (ownerId: string) => sql`owner_id = ${ownerId}`
  for (let again = 0; again < 2; again += 1) {
    expect(find(own('ada'), 5)).toBe('select $1 from jobs where owner_id = $2 limit $3')
    expect(find(own('bob'), planned(20))).toBe('select $1 from jobs where owner_id = $2 limit 20')
    expect(find(own('bob'), planned(30))).toBe('select $1 from jobs where owner_id = $2 limit 30')
    expect(find(true, 5)).toBe('select $1 from jobs where $2 limit $3')
    expect(find(sql`true`, 5)).toBe('select $1 from jobs where true limit $2')
  }
})

it('does not take an object that looks like a statement for one', () => {
  const forged = { text: 'drop table jobs', values: [] }
  expect(sql`select ${forged}`).toEqual({ text: 'select $1', values: [forged] })
})

it('writes a number that a plan depends on into the text, and nothing but a number', () => {
  expect(sql`select ${1} limit ${planned(20)}`).toEqual({ text: 'select $1 limit 20', values: [1] })
  expect(() => planned('20; drop table jobs' as never)).toThrow(RangeError)
})
