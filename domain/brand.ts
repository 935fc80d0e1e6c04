declare const brand: unique symbol;

/** A text that went through its one parser; the compiler keeps it apart from other texts. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };
