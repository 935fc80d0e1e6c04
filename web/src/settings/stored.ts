/** A choice that outlives the page; a browser that forbids storage forgets it. @returns `undefined` for anything else */
export function readStored<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
  try {
    const text = localStorage.getItem(`yinzheng.${name}`);
    return choices.find((choice) => choice === text);
  } catch {
    return undefined;
  }
}

/** Keeps a choice where the browser lets it. */
export function writeStored(name: string, choice: string): void {
  try {
    localStorage.setItem(`yinzheng.${name}`, choice);
  } catch {
    // Nothing depends on it.
  }
}
