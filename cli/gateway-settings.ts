import { readIfThere } from '../network/manager/atomic-file.js';
import { CliError } from './cli-error.js';

type Members = Readonly<Record<string, unknown>>;

/**
 * Lays what an operator set for one gateway, in `<name>.settings.json` beside its configuration, over what is written
 * for it: a merge patch (RFC 7396), so that `null` takes a member out. What they come to the gateway itself judges at
 * its start. @param file of the configuration, `<name>.json`. @throws FILE_UNREADABLE
 */
export function withSettings(config: object, file: string): object {
  const path = file.replace(/\.json$/, '.settings.json');
  const text = readIfThere(path);
  return text === undefined ? config : patched(config, readSettings(path, text));
}

function readSettings(path: string, text: string): Members {
  try {
    const settings: unknown = JSON.parse(text);
    if (isPlainObject(settings)) return settings;
  } catch (cause) {
    throw new CliError('FILE_UNREADABLE', { file: path, wanted: 'JSON' }, { cause });
  }
  throw new CliError('FILE_UNREADABLE', { file: path, wanted: 'a JSON object' });
}

function patched(config: unknown, patch: Members): object {
  const members = new Map(Object.entries(isPlainObject(config) ? config : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, isPlainObject(value) ? patched(members.get(name), value) : value);
  }
  return Object.fromEntries(members);
}

function isPlainObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
