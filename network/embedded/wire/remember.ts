/**
 * Makes a reader that parses each byte array object once. Several peers of one process are handed the same immutable
 * bytes; what they say parses to the same value for all of them. A failure is not remembered.
 * @param read pure, and its result is never changed. @returns the same function, with a memory as long as the bytes live
 */
export function remembered<Source extends object, Value extends object>(
  read: (source: Source) => Value,
): (source: Source) => Value {
  const values = new WeakMap<Source, Value>();
  return (source) => {
    const known = values.get(source);
    if (known !== undefined) return known;
    const value = read(source);
    values.set(source, value);
    return value;
  };
}
