import { useEffect, useState } from 'react';

/**
 * For a dialog that is there only while it is open: when it goes, the focus is where it was when it came, if that is
 * still there. The library does so for dialogs that it closes itself, not for those that are taken away.
 */
export function useFocusReturn(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) opener.focus();
    },
    [opener],
  );
}
