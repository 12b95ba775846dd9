// Loaded before an app, and in each of its threads: a process whose clock is wrong.
const minutes = Number(process.env.CHAOS_CLOCK.replace('m', ''))
const offMs = minutes * 60_000
const RightDate = Date

globalThis.Date = class extends RightDate {
  constructor(...args) {
    if (args.length === 0) super(RightDate.now() + offMs)
    else super(...args)
  }

  static now() {
    return RightDate.now() + offMs
  }
}
