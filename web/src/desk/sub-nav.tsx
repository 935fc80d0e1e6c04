import { NavLink } from 'react-router';

interface Properties {
  readonly label: string;
  readonly items: readonly { readonly to: string; readonly name: string }[];
}

/** The parts of one desk; each has an address of its own. */
export function SubNav({ label, items }: Properties) {
  return (
    <nav className="sub-nav" aria-label={label}>
      {items.map(({ to, name }, index) => (
        <NavLink key={to} to={to} end={index === 0}>
          {name}
        </NavLink>
      ))}
    </nav>
  );
}
