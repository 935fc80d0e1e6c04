import { NavLink } from 'react-router';

import { PARTS } from '../layout/parts.js';
import { useSession } from '../session/session.js';
import { useSay } from '../words/words.js';

interface Properties {
  readonly label: string;
  /** Path of the page whose parts these are. */
  readonly page: string;
}

/** The parts of one page; each has an address of its own. */
export function SubNav({ label, page }: Properties) {
  const say = useSay();
  const { who } = useSession();
  const parts = PARTS[page] ?? [];
  const open = parts.filter(({ roles }) => roles === undefined || (who !== undefined && roles.includes(who.role)));
  return (
    <nav className="sub-nav no-print" aria-label={label}>
      {open.map(({ path, name }) => (
        <NavLink key={path} to={path} end={path === page}>
          {say(name)}
        </NavLink>
      ))}
    </nav>
  );
}
