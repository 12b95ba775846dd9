import { createKeptSwitch } from '../controls/kept-switch.js'

/** Whether pages are told what happens, or ask for it: as somebody chose. */
export const liveUpdates = createKeptSwitch('studio.live')
