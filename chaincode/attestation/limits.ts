/** Objections one attestation takes; all of them are read with it. */
export const OBJECTIONS_MAX = 20;

/** Attestations one page of a trail holds, with all their acts. */
export const TRAIL_PAGE_SIZE = 100;

/** Items one page of a catalogue holds. */
export const ITEMS_PAGE_SIZE = 20;

/** Milliseconds of a calendar day. */
export const DAY_MS = 86_400_000;
