import { Problem } from '../../api/problem.js';

/**
 * Opens the provider's window beside the page. Nothing may wait between a click and this, or browsers would take the
 * window for an advertisement. @throws {Problem} WINDOW_BLOCKED
 */
export function openWindow(address: string): void {
  if (open(address, '_blank', 'popup,width=520,height=720') === null) throw new Problem('WINDOW_BLOCKED');
}
