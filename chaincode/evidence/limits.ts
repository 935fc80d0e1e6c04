/** Objections one record takes. All of them must be read for a verdict, so there is a last one. */
export const OBJECTIONS_MAX = 100;

/** Hand-overs one record takes, offers that came to nothing included. */
export const TRANSFERS_MAX = 100;

/** Access entries one record takes. */
export const ACCESSES_MAX = 500;

/** Records one page of `find` holds; each brings all its entries. */
export const FIND_PAGE_SIZE = 10;

/** Entries one record can have: an objection may bring its decision. */
export const ENTRIES_MAX = 2 * OBJECTIONS_MAX + TRANSFERS_MAX + ACCESSES_MAX;
